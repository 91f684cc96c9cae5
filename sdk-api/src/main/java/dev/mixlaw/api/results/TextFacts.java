package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.Optional;

/**
 * The size and origin of a tokenized corpus or domain.
 *
 * @param name name of the corpus or domain
 * @param kind how the text was written
 * @param generator generator that wrote the text; empty for natural text
 * @param documents number of documents
 * @param tokens number of tokens, including one end-of-text token per document
 * @param bytes size in bytes of UTF-8 text
 * @param skipped number of malformed records, which are not part of the text
 * @param fingerprint hash of the names and texts of all documents in their order
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
  /** Checks that no component is null. */
  public TextFacts {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
