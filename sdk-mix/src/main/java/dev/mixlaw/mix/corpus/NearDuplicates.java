package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.LongHashSet;
import java.util.function.Predicate;

/**
 * Thins families of equal and nearly equal documents.
 *
 * <p>Documents are read in their order; one is left out if more than a given part of its
 * {@linkplain Shingles 13-word shingles} already stands in the documents kept before it, all of
 * them together. So of versions of one licence the first stays, and so does a short text that says
 * something new beside a quotation. Exact: no sketches, no false positives but 64-bit collisions.
 * Memory: about 20 bytes a word kept.
 */
public final class NearDuplicates {
  private NearDuplicates() {}

  /**
   * The documents without near duplicates; each reading thins anew, with the same outcome.
   *
   * @param mostSeen the largest part of a document's shingles that may be known, from 0 to 1
   * @throws IllegalArgumentException if it is outside
   */
  public static DocumentSource thin(DocumentSource documents, double mostSeen) {
    if (!(mostSeen >= 0 && mostSeen <= 1)) {
      throw new IllegalArgumentException("mostSeen: " + mostSeen + "; expected 0 to 1");
    }
    return () -> thin(documents.open(), mostSeen);
  }

  private static DocumentStream thin(DocumentStream documents, double mostSeen) {
    LongHashSet seen = new LongHashSet();
    Predicate<Document> novel =
        document -> {
          long[] shingles = Shingles.of(document.text());
          int known = 0;
          for (long shingle : shingles) {
            known += seen.contains(shingle) ? 1 : 0;
          }
          if (known > mostSeen * shingles.length) {
            return false;
          }
          for (long shingle : shingles) {
            seen.add(shingle);
          }
          return true;
        };
    return new FilteredDocumentStream(documents, novel);
  }
}
