package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Whether training text holds what a model is to be measured on, found before it is trained.
 *
 * <p>A document of a domain is contaminated by a corpus if more than a quarter of its 13-word
 * shingles stand anywhere in the corpus (the usual length: Brown et al. 2020; the same limit by
 * which {@link dev.mixlaw.mix.corpus.HeldOut} drops documents), or if MinHash finds a near copy of
 * it there: see {@link NearCopies}, at {@value NearCopies#DEFAULT_THRESHOLD}. The first finds
 * quoted passages in long texts, the second texts of which every few words were changed. Documents
 * of fewer than {@value NearCopies#FEWEST_WORDS} words never are: they are alike by chance.
 *
 * <p>Each text is read once. Memory: some 20 bytes a word of the domains, and 5 kB a document of
 * them; none for the corpora.
 */
public final class Contamination {
  /** The largest part of a document's shingles that training text may hold. */
  public static final double MOST_SHARED = dev.mixlaw.mix.corpus.HeldOut.MOST_SHARED;

  private final Map<String, List<Held>> domains = new LinkedHashMap<>();
  private final LongHashSet wanted = new LongHashSet();

  private final MinHashIndex index = new MinHashIndex();

  /** A document, and its number in the index if it is long enough to be there. */
  private record Held(String id, long[] shingles, OptionalInt number) {}

  /**
   * How much of a domain a corpus holds.
   *
   * @param documents of the domain
   * @param contaminated those of them that the corpus holds, by shingles or as near copies
   * @param nearCopies those of them that have a near copy in it
   * @param sharedShingles part of the domain's 13-word shingles that stand in the corpus
   * @param examples ids of the first few contaminated documents
   */
  public record Overlap(
      String corpus,
      String domain,
      long documents,
      long contaminated,
      long nearCopies,
      double sharedShingles,
      List<String> examples) {
    public Overlap {
      examples = List.copyOf(examples);
    }
  }

  /** Reads a domain; all of them before the first corpus. */
  public void addDomain(String name, DocumentSource documents) {
    List<Held> held = new ArrayList<>();
    try (DocumentStream stream = documents.open()) {
      while (stream.hasNext()) {
        Document document = stream.next();
        long[] shingles = Shingles.of(document.text());
        for (long shingle : shingles) {
          wanted.add(shingle);
        }
        held.add(new Held(document.id(), shingles, indexed(document.text())));
      }
    }
    domains.put(name, held);
  }

  /** Reads a corpus and holds every domain against it. */
  public List<Overlap> check(String corpus, DocumentSource documents) {
    LongHashSet seen = new LongHashSet();
    BitSet copies = new BitSet();
    try (DocumentStream stream = documents.open()) {
      while (stream.hasNext()) {
        String text = stream.next().text();
        for (long shingle : Shingles.of(text)) {
          if (wanted.contains(shingle)) {
            seen.add(shingle);
          }
        }
        MinHashIndex.sketch(text)
            .ifPresent(sketch -> index.mark(sketch, NearCopies.DEFAULT_THRESHOLD, copies));
      }
    }
    List<Overlap> overlaps = new ArrayList<>();
    domains.forEach((name, held) -> overlaps.add(overlap(corpus, name, held, seen, copies)));
    return overlaps;
  }

  private OptionalInt indexed(String text) {
    return MinHashIndex.sketch(text).stream().mapToInt(index::add).findFirst();
  }

  private static Overlap overlap(
      String corpus, String domain, List<Held> documents, LongHashSet seen, BitSet copies) {
    long contaminated = 0;
    long near = 0;
    long all = 0;
    long shared = 0;
    List<String> examples = new ArrayList<>();
    for (Held document : documents) {
      int known = 0;
      for (long shingle : document.shingles()) {
        known += seen.contains(shingle) ? 1 : 0;
      }
      all += document.shingles().length;
      shared += known;
      if (document.number().isEmpty()) {
        continue;
      }
      boolean copy = copies.get(document.number().getAsInt());
      near += copy ? 1 : 0;
      if (copy || known > MOST_SHARED * document.shingles().length) {
        contaminated++;
        if (examples.size() < 3) {
          examples.add(document.id());
        }
      }
    }
    return new Overlap(
        corpus,
        domain,
        documents.size(),
        contaminated,
        near,
        all == 0 ? 0 : (double) shared / all,
        examples);
  }
}
