package dev.mixlaw.api.results;

import java.util.Optional;

/**
 * A check of whether two mixtures have the same order at a different learning rate. The order can
 * change because a recipe may suit one mixture better than another.
 *
 * @param factor factor by which the learning rate of the study is multiplied
 * @param usual comparison of the two mixtures at the learning rate of the study, for the macro
 *     average; its first mixture is the better one, so the difference of a loss is at most 0
 * @param changed comparison of the same mixtures at the different learning rate. The seed noise is
 *     estimated from the runs at that rate. The p-value is adjusted over all pairs and factors
 */
public record RateCheck(double factor, Comparison usual, Comparison changed) {
  /**
   * Returns whether the mixtures have the same order at both learning rates; empty if the
   * difference is not significant at one of them.
   */
  public Optional<Boolean> holds() {
    return usual.significant() && changed.significant()
        ? Optional.of((changed.difference().value() < 0) == (usual.difference().value() < 0))
        : Optional.empty();
  }
}
