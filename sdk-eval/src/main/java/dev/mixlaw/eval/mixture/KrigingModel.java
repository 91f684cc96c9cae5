package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;

/**
 * The mixture model that uses a Gaussian process over the square roots of the shares. The length
 * scale and the noise are estimated from the runs.
 *
 * <p>The covariance of the losses of two mixtures with the shares r and r' is v·exp(-|√r - √r'|² /
 * (2·l²)), where v is the variance of the process and l is the length scale. The model adds an
 * unknown constant, and noise of variance v·s/w for each run of weight w (Rasmussen and Williams
 * 2006, "Gaussian Processes for Machine Learning", chapters 2 and 5). A posterior draw consists of
 * three steps: l and s are drawn in proportion to their likelihood, then v from its scaled inverse
 * chi-square distribution, and finally the surface by Matheron's rule with random cosines (Wilson
 * et al. 2020, "Efficiently sampling functions from Gaussian process posteriors"). A draw uses the
 * same random numbers for every domain, so that an average over domains is not more certain than a
 * single domain.
 */
final class KrigingModel extends AbstractMixtureModel {
  /** Largest number of runs. The computing time grows with the cube of this number. */
  private static final int MOST_RUNS = 1000;

  /**
   * If the variance of the leave-one-out errors, divided by the variance of the losses, is larger
   * than this, the shares are considered to predict nothing.
   */
  private static final double NOTHING_TOLD = 0.9;

  KrigingModel() {
    super("kriging", "L(r) = m + Gaussian process over sqrt(r_j)");
  }

  @Override
  int fewestMixtures(MixtureRuns runs) {
    return runs.sources().size() + 2;
  }

  @Override
  Answer<MixtureFit> fit(String question, MixtureRuns runs, String domain, Resamples resamples) {
    if (runs.size() > MOST_RUNS) {
      return Answer.refused(
          question,
          runs.size() + " runs exceed the limit of " + MOST_RUNS,
          "use fewer runs, or use the model boosting");
    }
    if (runs.byCluster().size() < runs.size()) {
      return Answer.refused(
          question,
          "some rows belong to the same training run, and kriging treats rows as independent",
          "use one row per run, or the model linear, boosting or mixing");
    }
    GaussianProcess process =
        new GaussianProcess(runs.shares(), runs.losses(domain), runs.weights());
    List<Supplier<ToDoubleBiFunction<double[], TrainingScale>>> draws = new ArrayList<>();
    for (int r = 0; r < resamples.number(); r++) {
      SplittableRandom random = resamples.random(r);
      draws.add(() -> process.draw(random));
    }
    List<String> warnings =
        process.leftOutVariance() > NOTHING_TOLD
            ? List.of(
                "%s: the model predicts left-out runs no better than the mean of the other runs does"
                    .formatted(domain))
            : List.of();
    return Answer.known(
        new MixtureFit(
            id(),
            domain,
            runs,
            process.mean(),
            Threads.all(draws, resamples.executor(), resamples.progress()),
            Map.of(),
            Stream.concat(runs.warnings().stream(), warnings.stream()).toList()));
  }
}
