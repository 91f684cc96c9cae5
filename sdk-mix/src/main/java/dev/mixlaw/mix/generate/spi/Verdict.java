package dev.mixlaw.mix.generate.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The decision of a filter on a draft.
 *
 * @param text the draft's text, changed or not; empty if the draft is refused
 * @param score score of the draft, recorded with its document; empty if the filter gives none
 * @param refusal reason for the refusal; empty if the draft is kept
 */
public record Verdict(Optional<String> text, OptionalDouble score, Optional<String> refusal) {
  /**
   * Checks that there is either a text or a refusal.
   *
   * @throws IllegalArgumentException if there are both or neither
   */
  public Verdict {
    Objects.requireNonNull(score, "score");
    if (text.isPresent() == refusal.isPresent()) {
      throw new IllegalArgumentException("verdict: expected either a text or a refusal");
    }
  }

  /** Returns the decision to keep a draft with this text. */
  public static Verdict kept(String text) {
    return new Verdict(Optional.of(text), OptionalDouble.empty(), Optional.empty());
  }

  /** Returns the decision to keep a draft with this text and to record its score. */
  public static Verdict scored(String text, double score) {
    return new Verdict(Optional.of(text), OptionalDouble.of(score), Optional.empty());
  }

  /** Returns the decision to refuse a draft. */
  public static Verdict refused(String reason) {
    return new Verdict(Optional.empty(), OptionalDouble.empty(), Optional.of(reason));
  }
}
