package dev.mixlaw.api.results;

import java.util.List;

/**
 * Loss of one model on one domain.
 *
 * <p>Nats per token are Σ nats / Σ tokens. Bits per byte are Σ nats / (ln 2 · Σ UTF-8 bytes of the
 * original text). Both are ratios of sums over all documents, not means over documents.
 *
 * @param domain name of the domain
 * @param documents losses by document, in the domain's order, for paired comparisons of models;
 *     empty if only the loss on the whole domain is known, as in a table of losses
 * @param natsPerToken loss in nats per token, with a bootstrap confidence interval over documents
 * @param bitsPerByte loss in bits per byte, with a bootstrap confidence interval over documents
 */
public record DomainLoss(
    String domain, List<DocumentLoss> documents, Estimate natsPerToken, Estimate bitsPerByte) {
  /** Copies the list. */
  public DomainLoss {
    documents = List.copyOf(documents);
  }

  /**
   * Loss on one document.
   *
   * @param nats loss summed over the document's tokens, including the end-of-text token
   * @param tokens number of scored tokens
   * @param bytes size of the UTF-8 text in bytes
   */
  public record DocumentLoss(double nats, int tokens, int bytes) {}

  /** Returns the number of scored tokens in all documents. */
  public long tokens() {
    return documents.stream().mapToLong(DocumentLoss::tokens).sum();
  }

  /** Returns the number of UTF-8 bytes in all documents. */
  public long bytes() {
    return documents.stream().mapToLong(DocumentLoss::bytes).sum();
  }

  /** Returns the loss in nats summed over all documents. */
  public double nats() {
    return documents.stream().mapToDouble(DocumentLoss::nats).sum();
  }
}
