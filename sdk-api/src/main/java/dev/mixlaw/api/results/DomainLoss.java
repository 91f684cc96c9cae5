package dev.mixlaw.api.results;

import java.util.List;
import java.util.Objects;

/**
 * Loss of one model on one domain.
 *
 * <p>Nats per token are Σ nats / tokens; bits per byte are Σ nats / (ln 2 · UTF-8 bytes of the
 * original text): both are ratios of sums over all documents, never means of documents.
 *
 * @param domain name
 * @param documents by document, in the domain's order, so that models can be compared in pairs
 * @param natsPerToken with a bootstrap interval over documents
 * @param bitsPerByte with a bootstrap interval over documents
 */
public record DomainLoss(
    String domain, List<DocumentLoss> documents, Estimate natsPerToken, Estimate bitsPerByte) {
  public DomainLoss {
    Objects.requireNonNull(domain, "domain");
    documents = List.copyOf(documents);
  }

  /**
   * Loss on one document.
   *
   * @param nats summed over its tokens, the end-of-text token included
   * @param tokens that were scored
   * @param bytes of its UTF-8 text; 0 where they are not known, as bits per byte are then
   *     (infinite, null in JSON)
   */
  public record DocumentLoss(double nats, int tokens, int bytes) {}

  public long tokens() {
    return documents.stream().mapToLong(DocumentLoss::tokens).sum();
  }

  public long bytes() {
    return documents.stream().mapToLong(DocumentLoss::bytes).sum();
  }

  public double nats() {
    return documents.stream().mapToDouble(DocumentLoss::nats).sum();
  }
}
