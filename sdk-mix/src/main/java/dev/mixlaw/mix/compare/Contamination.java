package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.compare.CorpusComparison.Overlap;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A check whether training text contains the documents of domains, as {@link
 * CorpusComparison#overlaps} describes it.
 */
final class Contamination {
  private static final int EXAMPLES = 3;

  private final Map<String, List<Held>> domains = new LinkedHashMap<>();
  private final LongHashSet wanted = new LongHashSet();
  private final MinHashIndex index = new MinHashIndex();

  /** A document, and its number in the index if it is long enough. */
  private record Held(String id, long[] shingles, OptionalInt number) {}

  /** Reads all domains. */
  Contamination(List<Corpus> domains) {
    for (Corpus domain : domains) {
      List<Held> held = new ArrayList<>();
      try (DocumentStream stream = Corpora.open(domain)) {
        while (stream.hasNext()) {
          Document document = stream.next();
          long[] shingles = Shingles.of(document.text());
          wanted.addAll(shingles);
          OptionalInt number =
              MinHashIndex.sketch(document.text()).stream().mapToInt(index::add).findFirst();
          held.add(new Held(document.id(), shingles, number));
        }
      }
      this.domains.put(domain.name(), held);
    }
  }

  /** Reads a corpus and compares it with every domain. */
  List<Overlap> check(Corpus corpus) {
    LongHashSet seen = new LongHashSet();
    BitSet copies = new BitSet();
    try (DocumentStream stream = Corpora.open(corpus)) {
      while (stream.hasNext()) {
        String text = stream.next().text();
        for (long shingle : Shingles.of(text)) {
          if (wanted.contains(shingle)) {
            seen.add(shingle);
          }
        }
        MinHashIndex.sketch(text).ifPresent(sketch -> index.mark(sketch, copies));
      }
    }
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
      if (document.number().isEmpty()) {
        continue;
      }
      boolean copy = copies.get(document.number().getAsInt());
      near += copy ? 1 : 0;
      if (copy || known > HeldOut.MOST_SHARED * document.shingles().length) {
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
