package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.Answer;

/**
 * A way to tell the loss of a domain from the shares of the sources.
 *
 * <p>{@link MixtureModels} has those of the literature; implement this to add one. Implementations
 * are values without state, safe for use by several threads.
 */
public interface MixtureModel {
  /** Short and unique, such as {@code boosting}. */
  String id();

  /** For people, such as {@code L(r) = sum_j w_j·r_j}. */
  String formula();

  /**
   * Fits one domain, the same to the last digit for the same runs and resamples.
   *
   * @return the fit, or the refusal that says what the runs lack
   * @throws dev.mixlaw.api.MixlawException if runs hold what the model cannot take, such as a share
   *     of 0 where its logarithm is needed, or if a library is missing
   * @throws IllegalArgumentException if the runs have no such domain
   */
  Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples);
}
