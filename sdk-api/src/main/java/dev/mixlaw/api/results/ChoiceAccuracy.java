package dev.mixlaw.api.results;

import java.util.List;

/**
 * Accuracy of one model on a multiple-choice test.
 *
 * <p>The model's answer is the choice with the highest log-likelihood given the question. The
 * likelihood is used unnormalised ({@code acc} in the Language Model Evaluation Harness of Gao et
 * al.), divided by the choice's UTF-8 bytes ({@code acc_bytes} there, {@code acc_norm} in reports),
 * or divided by its tokens. If several choices are equal, the first one counts.
 *
 * @param test name
 * @param chance chance level: accuracy of random choices
 * @param answers by question, in the test's order, for paired comparisons of models
 * @param plain accuracy with the unnormalised likelihood
 * @param byBytes accuracy with the likelihood divided by bytes
 * @param byTokens accuracy with the likelihood divided by tokens
 * @param cut number of questions that are longer than the model's context; the model sees only
 *     their end
 */
public record ChoiceAccuracy(
    String test,
    double chance,
    List<Answered> answers,
    Estimate plain,
    Estimate byBytes,
    Estimate byTokens,
    int cut) {
  /** Copies the list. */
  public ChoiceAccuracy {
    answers = List.copyOf(answers);
  }

  /**
   * Whether a question was answered correctly.
   *
   * @param plain with the unnormalised likelihood
   * @param byBytes with the likelihood divided by bytes
   * @param byTokens with the likelihood divided by tokens
   */
  public record Answered(boolean plain, boolean byBytes, boolean byTokens) {}
}
