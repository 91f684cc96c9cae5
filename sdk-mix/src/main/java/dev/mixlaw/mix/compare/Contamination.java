package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.mix.compare.CorpusComparison.Overlap;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Finds the documents of domains that also occur in training text. */
final class Contamination {
  private static final int EXAMPLES = 3;

  /**
   * Number of characters in about {@link CorpusComparison#FEWEST_WORDS} Chinese or Japanese words.
   */
  private static final int FEWEST_CHARACTERS = 12;

  /** Number of characters in about {@link Shingles#WORDS} words of Chinese or Japanese. */
  private static final int CHARACTERS = 20;

  private final Map<String, List<Held>> domains = new LinkedHashMap<>();
  private final LongHashSet wanted = new LongHashSet();
  private final MinHashIndex index = new MinHashIndex();
  private final Set<Integer> lengths = new TreeSet<>();

  /**
   * A document of a domain.
   *
   * @param length number of words or characters per shingle
   * @param most largest number of shingles that may occur in training text; a document with more is
   *     contaminated
   * @param number index of the document in the MinHash index; empty if it is too short for a sketch
   */
  private record Held(String id, int length, long[] shingles, double most, OptionalInt number) {
    static Held of(String id, String text, OptionalInt number) {
      long[] words = Shingles.inner(text);
      boolean ideographic = Shingles.isIdeographic(text);
      int fewest = ideographic ? FEWEST_CHARACTERS : CorpusComparison.FEWEST_WORDS;
      int usual = ideographic ? CHARACTERS : Shingles.WORDS;
      // A few short word sequences also occur in other texts by chance, so a short document is
      // contaminated only if all its shingles occur in training text.
      boolean whole = words.length < usual;
      int length = whole ? fewest : usual;
      long[] shingles = words.length < fewest ? new long[0] : Shingles.of(words, length);
      double most = whole ? shingles.length - 1 : HeldOut.MOST_SHARED * shingles.length;
      return new Held(id, length, shingles, Math.max(0, most), number);
    }
  }

  Contamination(List<Corpus> domains) {
    for (Corpus domain : domains) {
      List<Held> held = new ArrayList<>();
      Documents.each(Corpora.open(domain), document -> held.add(hold(document)));
      this.domains.put(domain.name(), held);
    }
  }

  private Held hold(Document document) {
    OptionalInt number =
        MinHashIndex.sketch(document.text(), Shingles.words(document.text())).stream()
            .mapToInt(index::add)
            .findFirst();
    Held held = Held.of(document.id(), document.text(), number);
    lengths.add(held.length());
    wanted.addAll(held.shingles());
    return held;
  }

  List<Overlap> check(Corpus corpus) {
    LongHashSet seen = new LongHashSet();
    BitSet copies = new BitSet();
    Documents.each(
        Corpora.open(corpus),
        document -> {
          long[] words = Shingles.words(document.text());
          lengths.forEach(length -> seen.addAll(Shingles.of(words, length), wanted));
          MinHashIndex.sketch(document.text(), words)
              .ifPresent(sketch -> index.mark(sketch, copies));
        });
    List<Overlap> overlaps = new ArrayList<>();
    domains.forEach(
        (domain, held) -> overlaps.add(overlap(corpus.name(), domain, held, seen, copies)));
    return overlaps;
  }

  private static Overlap overlap(
      String corpus, String domain, List<Held> documents, LongHashSet seen, BitSet copies) {
    long contaminated = 0;
    long near = 0;
    long all = 0;
    long shared = 0;
    List<String> examples = new ArrayList<>();
    for (Held document : documents) {
      int known = seen.countOf(document.shingles());
      all += document.shingles().length;
      shared += known;
      boolean copy = document.number().isPresent() && copies.get(document.number().getAsInt());
      near += copy ? 1 : 0;
      if (copy || known > document.most()) {
        contaminated++;
        if (examples.size() < EXAMPLES) {
          examples.add(document.id());
        }
      }
    }
    double part = all == 0 ? 0 : (double) shared / all;
    return new Overlap(corpus, domain, documents.size(), contaminated, near, part, examples);
  }
}
