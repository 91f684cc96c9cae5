package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.Optional;

/**
 * What a tokenized corpus or domain is.
 *
 * @param name of the corpus or domain
 * @param kind how the text came to be
 * @param generator of synthetic text
 * @param documents that were read
 * @param tokens of the study's tokenizer, an end-of-text token a document included
 * @param bytes of UTF-8 text
 * @param skipped malformed records left out
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
  public TextFacts {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
