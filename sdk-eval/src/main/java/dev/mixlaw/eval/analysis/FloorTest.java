package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Tests whether the loss of a mixture approaches a higher floor than the loss of natural text. The
 * losses of the mixture are fitted by L(D) = E_0 + F + B·D^-beta_0, where E_0 and beta_0 are the
 * parameters of the law of natural text. The fit minimizes the sum of squared relative errors, once
 * with a free F and once with F = 0. Draw r combines draw r of both laws, so the intervals include
 * the uncertainty of both.
 */
final class FloorTest {
  private final double floor;
  private final double exponent;
  private final double[] floors;
  private final double[] exponents;
  private final double[] tokens;
  private final double[] losses;
  private final double[][] lossDraws;
  private final double noise;

  FloorTest(LawFit natural, LawFit mixture) {
    floor = natural.value("E");
    exponent = natural.value("beta");
    floors = natural.draws("E");
    exponents = natural.draws("beta");
    Observations points = mixture.observations();
    tokens = Arrays.stream(points.column(Input.D)).sorted().distinct().toArray();
    losses = new double[tokens.length];
    lossDraws = new double[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      double d = tokens[i];
      losses[i] =
          points.where(o -> points.input(o, Input.D) == d).rows().stream()
              .mapToDouble(Observations.Observation::loss)
              .average()
              .orElseThrow();
      lossDraws[i] = mixture.lossDraws(d);
    }
    noise = mixture.noise();
  }

  /** Describes the evidence that F is above 0, or returns empty if there is none. */
  Optional<String> floor() {
    int last = tokens.length - 1;
    double with = error(last, fit(floor, exponent, losses, last, true));
    double without = error(last, fit(floor, exponent, losses, last, false));
    double[] draws = new double[resamples()];
    for (int r = 0; r < draws.length; r++) {
      draws[r] = fit(floors[r], exponents[r], drawn(r), tokens.length, true)[0];
    }
    Interval interval = Quantiles.interval95(draws);
    return interval.low() > 0 && with < without
        ? Optional.of(
            Texts.format(
                "with a floor of %.4g (%.4g to %.4g), the law of the baseline predicts the loss at the largest D to within %.2g %%; without a floor, to within %.2g %%",
                fit(floor, exponent, losses, tokens.length, true)[0],
                interval.low(),
                interval.high(),
                100 * with,
                100 * without))
        : Optional.empty();
  }

  /**
   * Returns the smallest D at which the measured loss is above the interval that a fit with F = 0
   * to the losses at smaller D predicts.
   */
  OptionalDouble firstViolation() {
    for (int i = 2; i < tokens.length; i++) {
      double[] expected = new double[resamples()];
      SplittableRandom random = new SplittableRandom(i);
      for (int r = 0; r < expected.length; r++) {
        double[] shape = fit(floors[r], exponents[r], drawn(r), i, false);
        expected[r] =
            (floors[r] + shape[1] * Math.pow(tokens[i], -exponents[r]))
                * Math.exp(noise * random.nextGaussian());
      }
      if (losses[i] > Quantiles.interval95(expected).high()) {
        return OptionalDouble.of(tokens[i]);
      }
    }
    return OptionalDouble.empty();
  }

  private int resamples() {
    return Math.min(floors.length, lossDraws[0].length);
  }

  private double[] drawn(int r) {
    return Arrays.stream(lossDraws).mapToDouble(d -> d[r]).toArray();
  }

  private double error(int i, double[] shape) {
    double predicted = floor + shape[0] + shape[1] * Math.pow(tokens[i], -exponent);
    return Math.abs(predicted / losses[i] - 1);
  }

  /**
   * Returns F and B of L(D) = e + F + B·D^-beta, fitted to the first {@code points} losses. F is 0
   * unless {@code free} is true.
   */
  private double[] fit(double e, double beta, double[] loss, int points, boolean free) {
    double one = 0;
    double x1 = 0;
    double xx = 0;
    double y1 = 0;
    double xy = 0;
    for (int i = 0; i < points; i++) {
      double x = Math.pow(tokens[i], -beta);
      double weight = 1 / (loss[i] * loss[i]);
      one += weight;
      x1 += weight * x;
      xx += weight * x * x;
      y1 += weight * (loss[i] - e);
      xy += weight * x * (loss[i] - e);
    }
    double determinant = one * xx - x1 * x1;
    return free && determinant > 0
        ? new double[] {(xx * y1 - x1 * xy) / determinant, (one * xy - x1 * y1) / determinant}
        : new double[] {0, xy / xx};
  }
}
