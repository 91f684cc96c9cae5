package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * The reason why the data cannot answer a question.
 *
 * @param question short form of the question, such as {@code law L(N) of web at 1M tokens}
 * @param reason why there is no answer
 * @param remedy what to do to get an answer
 */
public record Refusal(String question, String reason, String remedy) {
  /** Checks that no component is null. */
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
