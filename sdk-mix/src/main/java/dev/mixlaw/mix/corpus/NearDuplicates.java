package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.function.Predicate;

/**
 * Removes exact and near duplicates of documents.
 *
 * <p>Documents are read in order. A document is removed if more than a given fraction of its
 * 13-word shingles occurs anywhere in the documents that were kept before it. Shingles are compared
 * by 64-bit hashes. About 20 bytes of memory are needed for each word that is kept.
 */
public final class NearDuplicates {
  private NearDuplicates() {}

  /**
   * Returns the documents without near duplicates. The documents are filtered each time the result
   * is read, always with the same outcome.
   *
   * @param mostSeen the maximum fraction of a document's shingles that may occur in earlier
   *     documents, from 0 to 1
   * @throws IllegalArgumentException if {@code mostSeen} is out of range
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
          boolean keep = seen.countOf(shingles) <= mostSeen * shingles.length;
          if (keep) {
            seen.addAll(shingles);
          }
          return keep;
        };
    return new FilteredDocumentStream(documents, novel);
  }
}
