package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.results.Overlap;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the documents of domains that also occur in training text. */
public final class Contamination implements Serializable {
  /**
   * The maximum fraction of a document's shingles that may occur in other text, such as training
   * text.
   */
  public static final double MOST_SHARED = 0.25;

  private static final long serialVersionUID = 1;
  private static final int EXAMPLES = 3;

  /** Number of characters in about {@link MinHashIndex#FEWEST_WORDS} Chinese or Japanese words. */
  private static final int FEWEST_CHARACTERS = 12;

  /** Number of characters in about {@link Shingles#WORDS} words of Chinese or Japanese. */
  private static final int CHARACTERS = 20;

  private final Map<String, List<Held>> domains = new LinkedHashMap<>();
  private final LongHashSet wanted = new LongHashSet();
  private final MinHashIndex index = new MinHashIndex();
  private final Set<Integer> lengths = new TreeSet<>();

  /** The shingles and near copies of domain documents that occur in a corpus or in a part of it. */
  public static final class Matches implements Serializable {
    private static final long serialVersionUID = 1;

    private final LongHashSet shingles = new LongHashSet();
    private final BitSet copies = new BitSet();

    public Matches() {}

    public void addAll(Matches other) {
      shingles.addAll(other.shingles);
      copies.or(other.copies);
    }
  }

  /**
   * A document of a domain.
   *
   * @param length number of words or characters per shingle
   * @param most largest number of shingles that may occur in training text; a document with more is
   *     contaminated
   * @param number index of the document in the MinHash index, or -1 if it is too short for a sketch
   */
  private record Held(String id, int length, long[] shingles, double most, int number)
      implements Serializable {
    static Held of(String id, String text, int number) {
      long[] words = Shingles.inner(text);
      boolean ideographic = Shingles.isIdeographic(text);
      int fewest = ideographic ? FEWEST_CHARACTERS : MinHashIndex.FEWEST_WORDS;
      int usual = ideographic ? CHARACTERS : Shingles.WORDS;
      // A few short word sequences also occur in other texts by chance, so a short document is
      // contaminated only if all its shingles occur in training text.
      boolean whole = words.length < usual;
      int length = whole ? fewest : usual;
      long[] shingles = words.length < fewest ? new long[0] : Shingles.of(words, length);
      double most = whole ? shingles.length - 1 : MOST_SHARED * shingles.length;
      return new Held(id, length, shingles, Math.max(0, most), number);
    }
  }

  /** Creates an object without domains. */
  public Contamination() {}

  /** Adds a domain without documents. */
  public void addDomain(String domain) {
    domains.put(domain, new ArrayList<>());
  }

  /** Adds a document to a domain. */
  public void add(String domain, Document document) {
    int number =
        MinHashIndex.sketch(document.text(), Shingles.words(document.text()))
            .map(index::add)
            .orElse(-1);
    Held held = Held.of(document.id(), document.text(), number);
    lengths.add(held.length());
    wanted.addAll(held.shingles());
    domains.get(domain).add(held);
  }

  /** Adds the shingles and near copies of domain documents that occur in a training document. */
  public void match(Document document, Matches matches) {
    long[] words = Shingles.words(document.text());
    lengths.forEach(length -> matches.shingles.addAll(Shingles.of(words, length), wanted));
    MinHashIndex.sketch(document.text(), words)
        .ifPresent(sketch -> index.mark(sketch, matches.copies));
  }

  /** Returns the overlap of each domain with a corpus. */
  public List<Overlap> overlaps(String corpus, Matches matches) {
    List<Overlap> overlaps = new ArrayList<>();
    domains.forEach((domain, held) -> overlaps.add(overlap(corpus, domain, held, matches)));
    return overlaps;
  }

  private static Overlap overlap(
      String corpus, String domain, List<Held> documents, Matches matches) {
    long contaminated = 0;
    long near = 0;
    long all = 0;
    long shared = 0;
    List<String> examples = new ArrayList<>();
    for (Held document : documents) {
      int known = matches.shingles.countOf(document.shingles());
      all += document.shingles().length;
      shared += known;
      boolean copy = document.number() >= 0 && matches.copies.get(document.number());
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
