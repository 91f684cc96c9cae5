package dev.mixlaw.api.spi;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import java.util.List;

/** Measures a model on held-out text. Safe for use by several threads. */
public interface DomainEvaluator {
  /**
   * Losses by domain, in the order given; each token of a document is scored once, the first given
   * the end of text.
   */
  List<DomainLoss> evaluate(LanguageModel model, int endOfText, List<TokenizedText> domains);

  /**
   * Whether {@link #answer} answers; if not, a study that asks questions is refused before any
   * training.
   */
  default boolean answersQuestions() {
    return false;
  }

  /**
   * Answers to tests of multiple choice, in the order given.
   *
   * @throws UnsupportedOperationException if this evaluator only measures losses, as it does unless
   *     it {@linkplain #answersQuestions says otherwise}
   */
  default List<ChoiceAccuracy> answer(
      LanguageModel model, Tokenizer tokenizer, List<MultipleChoice> tests) {
    throw new UnsupportedOperationException(
        getClass().getName() + " measures losses and answers no tests of multiple choice");
  }
}
