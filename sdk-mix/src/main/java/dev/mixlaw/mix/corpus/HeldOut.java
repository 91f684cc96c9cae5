package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.internal.Contamination;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.LowestHashes;
import dev.mixlaw.mix.internal.Shingles;
import dev.mixlaw.mix.internal.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The result of splitting documents into training text and held-out validation text.
 *
 * <p>A document belongs either to the training text or to the validation text. The validation text
 * takes the documents whose ids have the lowest keyed hashes, until it has enough bytes. The
 * selection depends only on the seed and the ids, not on the order of the documents, and changes
 * little when documents are added.
 *
 * <p>Afterwards, a validation document is dropped if more than {@link #MOST_SHARED} of its 13-word
 * shingles occur in the training text or in earlier validation documents. A word is a run of
 * letters and digits, compared in lower case. The documents are read twice, and only the validation
 * text is kept in memory.
 *
 * @param training all documents that were not selected for validation
 * @param validation the held-out documents, in the order of the source; long documents are
 *     truncated
 * @param dropped the ids of documents that were selected for validation and then dropped; these
 *     documents are in neither text
 */
public record HeldOut(DocumentSource training, List<Document> validation, List<String> dropped) {
  /** The maximum fraction of a validation document's shingles that may occur in training text. */
  public static final double MOST_SHARED = Contamination.MOST_SHARED;

  /** Makes immutable copies of the lists. */
  public HeldOut {
    validation = List.copyOf(validation);
    dropped = List.copyOf(dropped);
  }

  /**
   * Splits documents into training and validation text. The source is read twice, and once more
   * each time the training text is read.
   *
   * @param seed seed of the selection
   * @param validationBytes approximate number of UTF-8 bytes to hold out before documents are
   *     dropped, at least 1
   * @param longestDocument maximum size of a validation document in UTF-8 bytes, at least 1. A
   *     longer document is truncated at the end of a paragraph, line or word, so that a few long
   *     documents do not dominate a domain. The truncated part is not used for training either.
   * @throws IllegalArgumentException if a size is less than 1
   */
  public static HeldOut split(
      DocumentSource documents, long seed, long validationBytes, int longestDocument) {
    if (validationBytes < 1 || longestDocument < 1) {
      throw new IllegalArgumentException(
          "validationBytes %s, longestDocument %s; expected at least 1"
              .formatted(validationBytes, longestDocument));
    }
    List<Document> chosen = choose(documents, seed, validationBytes, longestDocument);
    Set<String> ids = ids(chosen);
    DocumentSource training =
        () ->
            new FilteredDocumentStream(documents.open(), document -> !ids.contains(document.id()));
    List<Document> kept = unseen(chosen, training);
    Set<String> keptIds = ids(kept);
    List<String> dropped =
        chosen.stream().map(Document::id).filter(id -> !keptIds.contains(id)).toList();
    return new HeldOut(training, kept, dropped);
  }

  /**
   * Returns the validation documents that do not occur in the given training text. At most {@link
   * #MOST_SHARED} of their shingles occur in the training text or in earlier validation documents.
   *
   * @param validation documents that were not split from {@code training}
   * @param training training documents, which are read once
   */
  public static List<Document> unseen(List<Document> validation, DocumentSource training) {
    LongHashSet shared = sharedShingles(training, validation);
    List<Document> kept = new ArrayList<>();
    for (Document document : validation) {
      long[] shingles = Shingles.of(document.text());
      if (shared.countOf(shingles) <= MOST_SHARED * shingles.length) {
        kept.add(document);
        shared.addAll(shingles);
      }
    }
    return kept;
  }

  private static Set<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toSet());
  }

  private static List<Document> choose(
      DocumentSource documents, long seed, long validationBytes, int longestDocument) {
    LowestHashes<Document> lowest = new LowestHashes<>(validationBytes);
    Documents.each(
        documents.open(),
        whole -> {
          long hash = Hash64.of(whole.id(), seed);
          if (lowest.accepts(hash)) {
            String text = Utf8.cut(whole.text(), longestDocument);
            lowest.add(hash, new Document(whole.id(), text), Utf8.length(text));
          }
        });
    return lowest.inOrder();
  }

  private static LongHashSet sharedShingles(DocumentSource training, List<Document> validation) {
    LongHashSet heldOut = new LongHashSet();
    for (Document document : validation) {
      heldOut.addAll(Shingles.of(document.text()));
    }
    LongHashSet shared = new LongHashSet();
    Documents.each(training.open(), d -> shared.addAll(Shingles.of(d.text()), heldOut));
    return shared;
  }
}
