package dev.mixlaw.api.spi;

import dev.mixlaw.api.DomainLoss;
import java.util.List;

/** Measures a model on held-out text. Safe for use by several threads. */
public interface DomainEvaluator {
  /**
   * Losses by domain, in the order given; each token of a document is scored once, the first given
   * the end of text.
   */
  List<DomainLoss> evaluate(LanguageModel model, int endOfText, List<TokenizedText> domains);
}
