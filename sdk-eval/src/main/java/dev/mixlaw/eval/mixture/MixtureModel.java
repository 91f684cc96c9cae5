package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.law.LawForms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * A model that predicts the loss of a domain from the shares of the sources.
 *
 * <p>The static methods return models from the literature, which the package documentation
 * compares. Applications can implement this interface to add a model. Implementations must be
 * immutable and thread-safe.
 */
public interface MixtureModel {
  /** Returns the unique short id of this model, such as {@code boosting}. */
  String id();

  /** Returns the formula as text, such as {@code L(r) = sum_j w_j·r_j}. */
  String formula();

  /**
   * Fits this model to the losses of one domain. The same runs and resamples give bit-identical
   * results.
   *
   * @return the fit, or the reason why the runs are not sufficient
   * @throws dev.mixlaw.api.MixlawException if the runs contain a value that the model does not
   *     support, such as a share of 0, or if a library is missing
   * @throws IllegalArgumentException if the runs have no such domain
   */
  Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples);

  /**
   * Fits every domain with the executor of the resamples. Without resamples, the executor fits the
   * domains in parallel. With resamples, the domains are fitted one after the other, and the
   * executor refits the resamples of a domain in parallel.
   *
   * @return the fits in the order of the domains, or the reason why the first unsuccessful domain
   *     could not be fitted
   * @throws dev.mixlaw.api.MixlawException under the same conditions as {@link #fit}
   */
  default Answer<List<MixtureFit>> fitAll(MixtureRuns runs, Resamples resamples) {
    // Either the domains or the resamples run in parallel, but not both. Otherwise, domains that
    // wait for their resamples could occupy all threads of the pool.
    Executor executor = resamples.number() == 0 ? resamples.executor() : Runnable::run;
    List<String> domains = runs.domains();
    List<Supplier<Answer<MixtureFit>>> work = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      int domain = i;
      DoubleConsumer progress =
          part -> resamples.progress().accept((domain + part) / domains.size());
      work.add(
          () ->
              fit(
                  runs,
                  domains.get(domain),
                  resamples.progress(resamples.number() == 0 ? part -> {} : progress)));
    }
    List<MixtureFit> fits = new ArrayList<>();
    for (Answer<MixtureFit> fit : Threads.all(work, executor)) {
      if (!fit.isKnown()) {
        return Answer.refused(fit.toRefusal().orElseThrow());
      }
      fits.add(fit.orElseThrow());
    }
    return Answer.known(List.copyOf(fits), List.of());
  }

  /**
   * Returns the linear model L(r) = sum_j w_j·r_j, fitted by least squares. The best mixture
   * according to this model is always a single source.
   */
  static MixtureModel linear() {
    return new LinearModel();
  }

  /**
   * Returns gradient boosting with the settings of RegMix: 1000 trees with at most 31 leaves, a
   * learning rate of 0.01, and at least 20 runs per leaf.
   */
  static MixtureModel boosting() {
    return boosting(1000, 0.01, 31, 20);
  }

  /**
   * Returns gradient boosting of regression trees (Liu et al. 2024, "RegMix"). The model needs the
   * artifact {@code mixlaw-boosting}, which uses LightGBM.
   *
   * @param trees number of trees, at least 1
   * @param learningRate factor applied to each tree's contribution, in (0, 1]
   * @param leaves largest number of leaves per tree, at least 2
   * @param runsPerLeaf smallest number of runs per leaf, at least 1; the limit is lowered to a
   *     tenth of all runs if there are few runs
   * @throws IllegalArgumentException if a number is out of its range
   */
  static MixtureModel boosting(int trees, double learningRate, int leaves, int runsPerLeaf) {
    return new BoostingModel(trees, learningRate, leaves, runsPerLeaf);
  }

  /**
   * Returns a Gaussian process over the square roots of the shares. It assumes no formula and is
   * the most reliable model for tens of runs.
   */
  static MixtureModel kriging() {
    return new KrigingModel();
  }

  /** Returns the model that uses the law {@link LawForms#mixing}. */
  static MixtureModel mixing() {
    return new LawMixtureModel(LawForms::mixing);
  }

  /**
   * Returns the model that uses the law {@link LawForms#mixtureAdditive}. The model needs runs at
   * several model sizes and budgets.
   */
  static MixtureModel mixtureAdditive() {
    return new LawMixtureModel(LawForms::mixtureAdditive);
  }

  /**
   * Returns the model that uses the law {@link LawForms#mixtureJoint}. The model needs runs at
   * several model sizes and budgets.
   */
  static MixtureModel mixtureJoint() {
    return new LawMixtureModel(LawForms::mixtureJoint);
  }

  /**
   * Returns the model that uses the law {@link LawForms#biMix}. The model needs runs at several
   * budgets.
   *
   * @param source source that corresponds to the domain; the model ignores the shares of all other
   *     sources
   */
  static MixtureModel biMix(String source) {
    return new LawMixtureModel(sources -> LawForms.biMix(source));
  }

  /**
   * Extrapolates the best number of tokens of each source from two budgets to a third: D3 = D2² /
   * D1 (Kang et al. 2024, "AutoScale", theorem 1). The third budget is the sum of the returned
   * numbers.
   *
   * <p>The rule holds if the loss follows a separate power law in the tokens of each source. It
   * amplifies errors, because it squares the second number and divides by the first.
   *
   * @param first best number of tokens of each source at the first budget, above 0
   * @param second best number of tokens of each source at a larger budget, above 0
   * @throws IllegalArgumentException if the lengths differ, or if a number is not finite and above
   *     0
   */
  static double[] autoScale(double[] first, double[] second) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException(
          first.length + " and " + second.length + " amounts; expected equal numbers of both");
    }
    double[] next = new double[first.length];
    Arrays.setAll(next, j -> amount(second, j) * (second[j] / amount(first, j)));
    return next;
  }

  private static double amount(double[] amounts, int source) {
    if (!(amounts[source] > 0) || Double.isInfinite(amounts[source])) {
      throw new IllegalArgumentException(
          "amount of source %s: %s; expected a finite number above 0"
              .formatted(source, amounts[source]));
    }
    return amounts[source];
  }
}
