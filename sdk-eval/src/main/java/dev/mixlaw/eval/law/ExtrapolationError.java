package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The errors of a law on rows with larger N, D or N·D than those fitted. The largest values are
 * left out, the law is fitted to the other rows, and the rows that were left out are predicted. As
 * in conformal prediction (Vovk, Gammerman and Shafer 2005), quantiles of these errors widen
 * intervals without an assumption about the form of the misfit.
 *
 * @param folds results of the fits, at least one
 */
record ExtrapolationError(List<Fold> folds) {
  /** Fractions of the distinct values that are left out, one for each fold. */
  private static final double[] PARTS = {0.1, 0.25, 0.4};

  /** Smallest number of left-out rows for which their errors are meaningful. */
  private static final int FEWEST = 3;

  ExtrapolationError {
    folds = List.copyOf(folds);
  }

  /**
   * The errors of one fit on the rows that were left out.
   *
   * @param scale ln N, ln D or ln(N·D) as a function of the inputs
   * @param most largest value of the scale in all rows
   * @param distance difference between the largest value of all rows and of the fitted rows
   * @param error 95 % quantile of |ln(measured/predicted)|
   */
  record Fold(ToDoubleFunction<double[]> scale, double most, double distance, double error) {
    /**
     * Returns the error at other inputs. The value and the slope of a wrong form are fitted, so its
     * error is proportional to the square of the distance from the fitted rows.
     */
    double at(double[] inputs) {
      double beyond = scale.applyAsDouble(inputs) - most;
      double ratio = Math.max(1, beyond / distance);
      return beyond > 1e-9 ? error * ratio * ratio : 0;
    }
  }

  /**
   * Returns the errors, or empty if the rows are too few to leave some out.
   *
   * @param refit function that fits the law and returns its parameters, or empty if the rows are
   *     too few; its argument has a 1 for each row to fit and a 0 for each row to leave out
   */
  static Optional<ExtrapolationError> of(
      LawForm form, FitData rows, double[][] inputs, Function<int[], Optional<double[]>> refit) {
    List<String> names = form.inputs().stream().map(Input::name).toList();
    List<Fold> folds = new ArrayList<>();
    for (List<String> factors :
        List.of(List.of(Input.N), List.of(Input.D), List.of(Input.N, Input.D))) {
      if (!names.containsAll(factors)) {
        continue;
      }
      int[] at = factors.stream().mapToInt(names::indexOf).toArray();
      ToDoubleFunction<double[]> scale =
          in -> Arrays.stream(at).mapToDouble(k -> Math.log(in[k])).sum();
      double[] values = Arrays.stream(inputs).mapToDouble(scale).toArray();
      double[] levels = Arrays.stream(values).distinct().sorted().toArray();
      double most = levels[levels.length - 1];
      DoubleStream.of(PARTS)
          .mapToInt(part -> (int) Math.max(1, Math.round(part * levels.length)))
          .distinct()
          .filter(left -> left < levels.length)
          .mapToDouble(left -> levels[levels.length - 1 - left])
          .forEach(
              limit -> {
                int[] kept = Arrays.stream(values).mapToInt(v -> v <= limit ? 1 : 0).toArray();
                refit
                    .apply(kept)
                    .map(parameters -> errors(rows, rows.predicted(form, parameters), kept))
                    .filter(errors -> errors.length >= FEWEST)
                    .map(e -> new Fold(scale, most, most - limit, Quantiles.at(e, 0.95)))
                    .ifPresent(folds::add);
              });
    }
    return folds.isEmpty() ? Optional.empty() : Optional.of(new ExtrapolationError(folds));
  }

  private static double[] errors(FitData rows, double[] predicted, int[] kept) {
    return IntStream.range(0, rows.count)
        .filter(i -> kept[i] == 0)
        .mapToDouble(i -> Math.abs(Math.log(rows.losses[i] / predicted[i])))
        .sorted()
        .toArray();
  }

  /** Widens the prediction interval of a new run, so that it includes the extrapolation errors. */
  Estimate widened(double[] inputs, Estimate run) {
    double factor =
        Math.exp(folds.stream().mapToDouble(fold -> fold.at(inputs)).max().orElseThrow());
    return new Estimate(
        run.value(),
        new Interval(
            Math.min(run.interval().low(), run.value() / factor),
            Math.max(run.interval().high(), run.value() * factor)));
  }
}
