package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * A question that the data cannot answer, with the reason.
 *
 * @param question short form of the question, such as {@code law L(N) of web at 1M tokens}
 * @param reason why there is no answer
 * @param remedy what to do to get an answer
 */
public record Refusal(String question, String reason, String remedy) {
  /** Checks that nothing is null. */
  public Refusal {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(remedy, "remedy");
  }

  @Override
  public String toString() {
    return question + ": refused, " + reason + "; " + remedy;
  }
}
