package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.Optional;

/**
 * Size and origin of a tokenized corpus or domain.
 *
 * @param name name of the corpus or domain
 * @param kind how the text was written
 * @param generator generator that wrote synthetic text; empty for natural text
 * @param documents number of documents
 * @param tokens number of tokens as counted by the study's tokenizer, with one end-of-text token
 *     per document
 * @param bytes size in bytes of UTF-8 text
 * @param skipped number of malformed records, which are not part of the text
 * @param fingerprint hash of names and texts of all documents in their order
 */
public record TextFacts(
    String name,
    CorpusKind kind,
    Optional<String> generator,
    long documents,
    long tokens,
    long bytes,
    long skipped,
    String fingerprint) {
  /** Checks that nothing is null. */
  public TextFacts {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
