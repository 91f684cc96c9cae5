package dev.mixlaw.api.results;

import java.util.Locale;
import java.util.Optional;

/**
 * A verdict on whether a mixture or a strategy collapses.
 *
 * @param outcome the verdict
 * @param reason reason with the supporting figures
 * @param firstViolation first point that would not occur with natural text; empty if there is none
 */
public record CollapseVerdict(Outcome outcome, String reason, Optional<String> firstViolation) {

  /** The verdict. */
  public enum Outcome {
    /** Loss or diversity is significantly worse than without generated text. */
    COLLAPSE,
    /** There is no collapse in the measured range. */
    NO_COLLAPSE,
    /**
     * The loss approaches a significantly higher floor than the loss of the baseline. This is not a
     * collapse, because the mixture has no synthetic text or the domains are not real text.
     */
    HIGHER_FLOOR,
    /**
     * As for {@link #HIGHER_FLOOR}, the mixture has no synthetic text or the domains are not real
     * text, but the floor is not higher in the measured range.
     */
    NO_HIGHER_FLOOR,
    /** The data are compatible with both outcomes. */
    NOT_DECIDABLE
  }

  /** Returns a verdict without a violation. */
  public static CollapseVerdict of(Outcome outcome, String reason) {
    return new CollapseVerdict(outcome, reason, Optional.empty());
  }

  @Override
  public String toString() {
    String verdict = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return verdict + ": " + reason + firstViolation.map(v -> "; first at " + v).orElse("");
  }
}
