package dev.mixlaw.api.results;

import java.util.List;

/**
 * The overlap of a domain with a corpus.
 *
 * @param corpus name of the corpus
 * @param domain name of the domain
 * @param documents number of documents in the domain
 * @param contaminated number of documents in the domain that occur in the corpus: more than a
 *     quarter of the document's 13-word shingles, or a near copy of the document
 * @param nearCopies number of documents in the domain with a near copy in the corpus
 * @param sharedShingles fraction of the domain's 13-word shingles that occur in the corpus, from 0
 *     to 1
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
  /** Makes an immutable copy of the list. */
  public Overlap {
    examples = List.copyOf(examples);
  }
}
