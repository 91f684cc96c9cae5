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
 * A check whether training text contains the text on which a model will be evaluated.
 *
 * <p>A corpus contaminates a document of a domain if more than a quarter of the document's 13-word
 * shingles occur anywhere in the corpus, or if MinHash finds a near copy of the document in the
 * corpus. 13 words are the usual length (Brown et al. 2020); {@link dev.mixlaw.mix.corpus.HeldOut}
 * drops documents by the same limit. Near copies are those of {@link NearCopies} at {@value
 * NearCopies#DEFAULT_THRESHOLD}. Shingles find passages that long texts quote, MinHash finds texts
 * with many small changes. Documents of fewer than {@value NearCopies#FEWEST_WORDS} words are never
 * contaminated, because they resemble each other by chance.
 *
 * <p>Each text is read once. Memory: about 20 bytes per word and 5 kB per document of the domains;
 * none for the corpora.
 */
public final class Contamination {
  /** The largest part of a document's shingles that training text may contain. */
  public static final double MOST_SHARED = dev.mixlaw.mix.corpus.HeldOut.MOST_SHARED;

  private final Map<String, List<Held>> domains = new LinkedHashMap<>();
  private final LongHashSet wanted = new LongHashSet();

  private final MinHashIndex index = new MinHashIndex();

  /** A document, and its number in the index if it is long enough. */
  private record Held(String id, long[] shingles, OptionalInt number) {}

  /**
   * The part of a domain that a corpus contains.
   *
   * @param corpus name of the corpus
   * @param domain name of the domain
   * @param documents number of documents of the domain
   * @param contaminated number of those documents that the corpus contaminates
   * @param nearCopies number of those documents with a near copy in the corpus
   * @param sharedShingles part of the domain's 13-word shingles that occur in the corpus, 0 to 1
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
    /** Copies the examples. */
    public Overlap {
      examples = List.copyOf(examples);
    }
  }

  /** Reads a domain. All domains must be added before the first corpus is checked. */
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

  /** Reads a corpus and compares it with every domain. */
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
