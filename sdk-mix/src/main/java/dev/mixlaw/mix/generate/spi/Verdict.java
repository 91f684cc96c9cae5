package dev.mixlaw.mix.generate.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The decision of a filter about a draft.
 *
 * @param text text of the draft, changed or unchanged; empty if the draft is rejected
 * @param score score of the draft, which is recorded with its document; empty if the filter assigns
 *     no score
 * @param refusal the reason why the draft is rejected; empty if it is accepted
 */
public record Verdict(Optional<String> text, OptionalDouble score, Optional<String> refusal) {
  /**
   * Checks that there is either a text or a reason for rejection.
   *
   * @throws IllegalArgumentException if both or neither are present
   */
  public Verdict {
    Objects.requireNonNull(score, "score");
    if (text.isPresent() == refusal.isPresent()) {
      throw new IllegalArgumentException("verdict: expected either a text or a refusal");
    }
  }

  /** Returns the decision to accept a draft, with the given text. */
  public static Verdict kept(String text) {
    return new Verdict(Optional.of(text), OptionalDouble.empty(), Optional.empty());
  }

  /** Returns the decision to accept a draft with the given text and to record its score. */
  public static Verdict scored(String text, double score) {
    return new Verdict(Optional.of(text), OptionalDouble.of(score), Optional.empty());
  }

  /** Returns the decision to reject a draft. */
  public static Verdict refused(String reason) {
    return new Verdict(Optional.empty(), OptionalDouble.empty(), Optional.of(reason));
  }
}
