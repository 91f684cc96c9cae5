package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.stats.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

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

  /**
   * Fits every domain, in the resamples' executor: domains side by side where there are no
   * resamples, else the resamples of one domain after the other.
   *
   * @return the fits in the order of the domains, or the first refusal
   * @throws dev.mixlaw.api.MixlawException as {@link #fit} does
   */
  default Answer<List<MixtureFit>> fitAll(MixtureRuns runs, Resamples resamples) {
    // Never both: domains that wait for resamples in the same pool could fill it.
    Executor executor = resamples.number() == 0 ? resamples.executor() : Runnable::run;
    List<MixtureFit> fits = new ArrayList<>();
    for (Answer<MixtureFit> fit :
        Parallel.all(
            runs.domains().stream()
                .<Supplier<Answer<MixtureFit>>>map(d -> () -> fit(runs, d, resamples))
                .toList(),
            executor)) {
      if (fit instanceof Answer.Refused<MixtureFit> refused) {
        return new Answer.Refused<>(refused.refusal());
      }
      fits.add(fit.orElseThrow());
    }
    return new Answer.Known<>(List.copyOf(fits), List.of());
  }
}
