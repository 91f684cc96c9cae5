package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.Optional;

/**
 * Whether something collapses.
 *
 * @param outcome the verdict
 * @param reason with the figures that it rests on
 * @param firstViolation the first point that healthy text would not have shown
 */
public record CollapseVerdict(Outcome outcome, String reason, Optional<String> firstViolation) {
  public CollapseVerdict {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(firstViolation, "firstViolation");
  }

  /** What can be said. */
  public enum Outcome {
    COLLAPSE,
    /** As far as was measured. */
    NO_COLLAPSE,
    /** The data allow both. */
    NOT_DECIDABLE
  }

  @Override
  public String toString() {
    String verdict =
        switch (outcome) {
          case COLLAPSE -> "collapse";
          case NO_COLLAPSE -> "no collapse";
          case NOT_DECIDABLE -> "not decidable";
        };
    return verdict + ": " + reason + firstViolation.map(v -> "; first at " + v).orElse("");
  }
}
