package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * A statement that the data cannot support, and why.
 *
 * @param question what was asked, such as {@code law L(N) of web at 1M tokens}
 * @param reason why there is no answer
 * @param remedy what would make it answerable
 */
public record Refusal(String question, String reason, String remedy) {
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
