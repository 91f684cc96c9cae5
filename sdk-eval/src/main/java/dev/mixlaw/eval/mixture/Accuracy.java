package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.stats.RankCorrelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The prediction error of a model on runs to which it was not fitted.
 *
 * <p>To judge predictions for larger models, use the rank correlation. Larger models have lower
 * losses than all fitted runs, so the relative error is large even if the ranking is correct.
 *
 * @param on description of the runs
 * @param spearman rank correlation of predicted and measured loss, from -1 to 1
 * @param meanRelativeError mean of |predicted - measured| / measured
 */
public record Accuracy(String on, int runs, double spearman, double meanRelativeError) {
  private static final int FEWEST = 3;

  /**
   * Measures the error on held-out runs.
   *
   * @throws MixlawException if the runs and the fit have different sources
   * @throws IllegalArgumentException if the runs lack the domain
   */
  public static Answer<Accuracy> on(MixtureRuns test, MixtureFit fit) {
    int[] place = places(fit.runs().sources(), test.sources());
    double[] predicted =
        test.rows().stream()
            .mapToDouble(
                run ->
                    fit.loss(
                        Arrays.stream(place).mapToDouble(j -> run.shares()[j]).toArray(),
                        run.scale()))
            .toArray();
    return of(test.size() + " held-out runs", fit, predicted, test.losses(fit.domain()));
  }

  /**
   * Measures the error by cross-validation. The runs in each fold are predicted by a fit to all
   * other folds. All runs of a mixture are in the same fold.
   *
   * @param folds number of folds, at least 2
   */
  public static Answer<Accuracy> crossValidated(MixtureModel model, MixtureFit fit, int folds) {
    return crossValidated(model, fit, folds, Runnable::run, part -> {});
  }

  /**
   * Measures the error by cross-validation, as {@link #crossValidated(MixtureModel, MixtureFit,
   * int)} does.
   *
   * @param folds number of folds, at least 2
   * @param executor executor that fits the folds; it does not affect the result
   * @param progress receives the fraction of folds that are done, from one thread at a time
   */
  public static Answer<Accuracy> crossValidated(
      MixtureModel model, MixtureFit fit, int folds, Executor executor, DoubleConsumer progress) {
    MixtureRuns runs = fit.runs();
    List<int[]> mixtures = runs.byMixture();
    List<Supplier<Answer<MixtureFit>>> work =
        IntStream.range(0, Math.min(folds, mixtures.size()))
            .<Supplier<Answer<MixtureFit>>>mapToObj(
                fold ->
                    () ->
                        model.fit(
                            runs.at(places(mixtures, i -> i % folds != fold)),
                            fit.domain(),
                            Resamples.none()))
            .toList();
    List<Answer<MixtureFit>> others = Threads.all(work, executor, progress);
    double[] predicted = new double[runs.size()];
    for (int fold = 0; fold < others.size(); fold++) {
      int out = fold;
      Answer<MixtureFit> other = others.get(fold);
      if (!other.isKnown()) {
        return Answer.refused(
            question(fit),
            "the fit without one of the %s folds was refused: %s"
                .formatted(folds, other.toRefusal().orElseThrow().reason()),
            other.toRefusal().orElseThrow().remedy());
      }
      for (int i : places(mixtures, m -> m % folds == out)) {
        MixtureRuns.Run run = runs.rows().get(i);
        predicted[i] = other.orElseThrow().loss(run.shares(), run.scale());
      }
    }
    return of(folds + " folds of the fitted runs", fit, predicted, runs.losses(fit.domain()));
  }

  private static int[] places(List<int[]> mixtures, IntPredicate which) {
    return IntStream.range(0, mixtures.size())
        .filter(which)
        .flatMap(i -> Arrays.stream(mixtures.get(i)))
        .sorted()
        .toArray();
  }

  /** Returns the index of each source of the fit in the list of given sources. */
  private static int[] places(List<String> wanted, List<String> given) {
    if (!new TreeSet<>(wanted).equals(new TreeSet<>(given))) {
      List<String> missing = new ArrayList<>(wanted);
      missing.removeAll(given);
      List<String> strange = new ArrayList<>(given);
      strange.removeAll(wanted);
      throw MixlawException.data(
          "sources of the held-out runs",
          "missing " + missing + ", unknown " + strange,
          "the sources of the fit, " + wanted,
          "correct the share columns of the held-out runs");
    }
    return wanted.stream().mapToInt(given::indexOf).toArray();
  }

  private static String question(MixtureFit fit) {
    return "accuracy of " + fit.model() + " on " + fit.domain();
  }

  private static Answer<Accuracy> of(
      String on, MixtureFit fit, double[] predicted, double[] measured) {
    if (measured.length < FEWEST || Arrays.stream(predicted).anyMatch(Double::isInfinite)) {
      return Answer.refused(
          question(fit),
          measured.length < FEWEST
              ? measured.length + " runs are too few for a rank correlation"
              : "the model is not defined for some of the runs, for example at a share of 0",
          "use at least " + FEWEST + " runs for which the model is defined");
    }
    OptionalDouble spearman = RankCorrelation.spearman(predicted, measured);
    if (spearman.isEmpty()) {
      return Answer.refused(
          question(fit),
          "all predicted or all measured losses are equal",
          "use runs with different losses");
    }
    double error = 0;
    for (int i = 0; i < measured.length; i++) {
      error += Math.abs(predicted[i] - measured[i]) / measured[i] / measured.length;
    }
    return Answer.known(new Accuracy(on, measured.length, spearman.getAsDouble(), error));
  }
}
