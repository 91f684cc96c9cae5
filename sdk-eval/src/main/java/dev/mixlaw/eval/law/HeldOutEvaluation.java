package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class HeldOutEvaluation {
  static final double LEVEL = 0.02;

  /** Largest number of observations for which all pairs are compared. */
  private static final int MOST_RANKED = 5000;

  private static final int MOST_SIZES = 10;

  private HeldOutEvaluation() {}

  static HeldOutError of(LawFit fit, Observations out) {
    double[] measured = out.losses();
    double[][] points = FitData.inputs(fit.form(), out);
    double[] law = Arrays.stream(points).mapToDouble(fit::loss).toArray();
    Observations fitted = fit.observations();
    double[] guess = nearest(FitData.inputs(fit.form(), fitted), fitted.losses(), points);
    int inside = 0;
    for (int i = 0; i < measured.length; i++) {
      inside += fit.predictNewRun(points[i]).interval().contains(measured[i]) ? 1 : 0;
    }
    int n = Math.min(measured.length, MOST_RANKED);
    long pairs = 0;
    double byLaw = 0;
    double byGuess = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (measured[i] != measured[j]) {
          double order = Math.signum(measured[i] - measured[j]);
          byLaw += agreement(order, law[i] - law[j]);
          byGuess += agreement(order, guess[i] - guess[j]);
          pairs++;
        }
      }
    }
    return new HeldOutError(
        measured.length,
        error(law, measured, i -> true),
        bySize(fit.form(), points, law, measured),
        error(guess, measured, i -> true),
        inside,
        pairs,
        pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(byLaw / pairs),
        pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(byGuess / pairs));
  }

  /**
   * Returns a warning if the errors on the held-out rows are larger than those of resamples with
   * new noise. The test statistic is the sum of squared errors, each divided by its standard
   * deviation over the resamples. The number of rows within their intervals is not tested: its
   * distribution is wide, because all rows share the errors of the law.
   */
  static Optional<String> warning(LawFit fit, Observations out, HeldOutError error) {
    double[] measured = fit.errors(out);
    double[][] drawn = fit.errorDraws(out);
    double[] variance = new double[measured.length];
    for (double[] draw : drawn) {
      Arrays.setAll(variance, i -> variance[i] + draw[i] * draw[i] / drawn.length);
    }
    double sum = standardized(measured, variance);
    long larger = Arrays.stream(drawn).filter(d -> standardized(d, variance) >= sum).count();
    double p = (1.0 + larger) / (1 + drawn.length);
    return p > LEVEL
        ? Optional.empty()
        : Optional.of(
            Texts.format(
                "only %d of %d held-out rows lie inside their 95 %% intervals, and the errors are larger than the intervals allow (p = %.1g); the form does not fit the held-out rows",
                error.inside(), error.observations(), p));
  }

  private static double standardized(double[] errors, double[] variance) {
    return IntStream.range(0, errors.length)
        .mapToDouble(i -> errors[i] * errors[i] / variance[i])
        .sum();
  }

  private static Map<Double, Double> bySize(
      LawForm form, double[][] points, double[] predicted, double[] measured) {
    int n = form.inputs().stream().map(Input::name).toList().indexOf(Input.N);
    if (n < 0) {
      return Map.of();
    }
    double[] sizes = Arrays.stream(points).mapToDouble(point -> point[n]).toArray();
    if (Arrays.stream(sizes).distinct().count() > MOST_SIZES) {
      Arrays.setAll(sizes, i -> Math.pow(2, Math.rint(Math.log(sizes[i]) / Math.log(2))));
    }
    return Arrays.stream(sizes)
        .distinct()
        .boxed()
        .collect(
            Collectors.toMap(
                size -> size, size -> error(predicted, measured, i -> sizes[i] == size)));
  }

  private static double error(double[] predicted, double[] measured, IntPredicate counted) {
    return IntStream.range(0, measured.length)
        .filter(counted)
        .mapToDouble(i -> Math.abs(predicted[i] - measured[i]) / measured[i])
        .average()
        .orElseThrow();
  }

  /**
   * Returns, for each point, the mean loss of the nearest observations in the fit.
   *
   * @param fitted inputs of the observations in the fit
   * @param losses losses of these observations
   * @param points inputs of the held-out observations
   */
  private static double[] nearest(double[][] fitted, double[] losses, double[][] points) {
    double[][] known = logarithms(fitted);
    return Arrays.stream(logarithms(points))
        .mapToDouble(
            point -> {
              double[] far = Arrays.stream(known).mapToDouble(k -> distance(k, point)).toArray();
              double least = Arrays.stream(far).min().orElseThrow();
              return IntStream.range(0, far.length)
                  .filter(i -> far[i] == least)
                  .mapToDouble(i -> losses[i])
                  .average()
                  .orElseThrow();
            })
        .toArray();
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(k -> (a[k] - b[k]) * (a[k] - b[k])).sum();
  }

  private static double[][] logarithms(double[][] points) {
    return Arrays.stream(points)
        .map(point -> Arrays.stream(point).map(Math::log1p).toArray())
        .toArray(double[][]::new);
  }

  private static double agreement(double order, double difference) {
    return 0.5 + 0.5 * order * Math.signum(difference);
  }
}
