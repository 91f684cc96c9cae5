package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.stats.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A model that predicts the loss of a domain from the shares of the sources.
 *
 * <p>{@link MixtureModels} provides the models from the literature. Implement this interface to add
 * another one. Implementations are immutable and safe for use by several threads.
 */
public interface MixtureModel {
  /** Returns a short unique id, such as {@code boosting}. */
  String id();

  /** Returns the formula as text, such as {@code L(r) = sum_j w_j·r_j}. */
  String formula();

  /**
   * Fits the losses of one domain. The same runs and resamples give bit-identical results.
   *
   * @return the fit, or a refusal that says what the runs lack
   * @throws dev.mixlaw.api.MixlawException if the model does not allow a value in the runs, such as
   *     a share of 0, or if a library is missing
   * @throws IllegalArgumentException if the runs have no such domain
   */
  Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples);

  /**
   * Fits every domain in the executor of the resamples. Without resamples, the domains are
   * submitted together. With resamples, the domains are fitted one after the other, and the
   * executor runs the resamples of one domain at a time.
   *
   * @return the fits in the order of the domains, or the first refusal
   * @throws dev.mixlaw.api.MixlawException under the same conditions as {@link #fit}
   */
  default Answer<List<MixtureFit>> fitAll(MixtureRuns runs, Resamples resamples) {
    // The two levels never run in parallel: domains that wait for resamples in the same pool could
    // fill this pool.
    Executor executor = resamples.number() == 0 ? resamples.executor() : Runnable::run;
    List<MixtureFit> fits = new ArrayList<>();
    for (Answer<MixtureFit> fit :
        Parallel.all(
            runs.domains().stream()
                .<Supplier<Answer<MixtureFit>>>map(d -> () -> fit(runs, d, resamples))
                .toList(),
            executor)) {
      if (!fit.isKnown()) {
        return Answer.refused(fit.toRefusal().orElseThrow());
      }
      fits.add(fit.orElseThrow());
    }
    return Answer.known(List.copyOf(fits), List.of());
  }
}
