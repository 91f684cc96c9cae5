package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.Optional;

/**
 * The order of two mixtures at another learning rate. A recipe that suits one mixture better than
 * another can change their order.
 *
 * @param factor factor by which the study's learning rate was multiplied
 * @param usual comparison of the two mixtures at the study's own learning rate, on the macro
 *     average; the difference is at most 0
 * @param changed the same comparison at the other learning rate. Its seed noise is estimated from
 *     the runs at that rate, and its p-value is adjusted over all pairs and factors
 */
public record RateCheck(double factor, Comparison usual, Comparison changed) {
  /** Checks that nothing is null. */
  public RateCheck {
    Objects.requireNonNull(usual, "usual");
    Objects.requireNonNull(changed, "changed");
  }

  /**
   * Returns whether the mixtures have the same order at both rates; empty if the difference is not
   * significant at one of them.
   */
  public Optional<Boolean> holds() {
    return usual.significant() && changed.significant()
        ? Optional.of(changed.difference().value() < 0)
        : Optional.empty();
  }
}
