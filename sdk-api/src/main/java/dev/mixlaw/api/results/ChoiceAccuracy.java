package dev.mixlaw.api.results;

import java.util.List;
import java.util.Objects;

/**
 * How well one model answers a test of multiple choice.
 *
 * <p>The model's answer is the choice of the highest log-likelihood given the question: as it is
 * ({@code acc} in the Language Model Evaluation Harness of Gao et al.), over the choice's UTF-8
 * bytes ({@code acc_bytes} there, {@code acc_norm} in reports), or over its tokens. Of equal ones
 * it is the first.
 *
 * @param test name
 * @param chance accuracy of one who guesses
 * @param answers by question, in the test's order, so that models can be compared in pairs
 * @param plain part of the questions answered rightly, by likelihood as it is
 * @param byBytes by likelihood over bytes
 * @param byTokens by likelihood over tokens
 * @param cut questions that did not fit into the model's context, of which the end was read
 */
public record ChoiceAccuracy(
    String test,
    double chance,
    List<Answered> answers,
    Estimate plain,
    Estimate byBytes,
    Estimate byTokens,
    int cut) {
  public ChoiceAccuracy {
    Objects.requireNonNull(test, "test");
    answers = List.copyOf(answers);
  }

  /** Whether a question was answered rightly, by each way to weigh likelihoods. */
  public record Answered(boolean plain, boolean byBytes, boolean byTokens) {}
}
