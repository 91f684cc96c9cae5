package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.stats.ChiSquare;
import dev.mixlaw.eval.stats.Cholesky;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The posterior of a Gaussian process for the loss; see {@link KrigingModel}. */
final class GaussianProcess {
  /** Candidate length scales. Square roots of shares are at most √2 apart. */
  private static final double[] LENGTHS = powers(0.1, 6, 14);

  /** Candidate variances of the noise, relative to the variance of the process. */
  private static final double[] NOISES = powers(1e-5, 3, 12);

  /**
   * Prior variance of the constant, relative to the variance of the losses. With this value, the
   * prior is nearly flat.
   */
  private static final double CONSTANT = 100;

  private static final int COSINES = 128;

  private final double[][] places;
  private final double middle;
  private final double unit;
  private final double[] losses;

  /** Variances of the noise of the runs, with a mean of 1. */
  private final double[] variances;

  private final @Nullable Given[] given = new Given[LENGTHS.length * NOISES.length];
  private final double[] likelihoods = new double[given.length];
  private final int best;

  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Given(double length, double noise, double[] cholesky, double variance) {}

  GaussianProcess(double[][] shares, double[] losses, double[] weights) {
    places = Arrays.stream(shares).map(GaussianProcess::place).toArray(double[][]::new);
    middle = Arrays.stream(losses).average().orElseThrow();
    unit =
        Math.sqrt(
            Arrays.stream(losses).map(l -> (l - middle) * (l - middle)).average().orElseThrow());
    this.losses = Arrays.stream(losses).map(l -> (l - middle) / unit).toArray();
    double mean = Arrays.stream(weights).map(w -> 1 / w).average().orElseThrow();
    variances = Arrays.stream(weights).map(w -> 1 / w / mean).toArray();
    int highest = 0;
    for (int c = 0; c < given.length; c++) {
      Given tried = given(LENGTHS[c / NOISES.length], NOISES[c % NOISES.length]);
      likelihoods[c] = likelihood(tried);
      highest = likelihoods[c] > likelihoods[highest] ? c : highest;
    }
    best = highest;
  }

  private static double[] powers(double from, double to, int number) {
    double[] powers = new double[number];
    Arrays.setAll(powers, i -> from * Math.pow(to / from, i / (number - 1.0)));
    return powers;
  }

  private static double[] place(double[] shares) {
    return Arrays.stream(shares).map(s -> Math.sqrt(Math.max(0, s))).toArray();
  }

  private static double covariance(double[] a, double[] b, double length) {
    double squares = 0;
    for (int j = 0; j < a.length; j++) {
      squares += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return CONSTANT + Math.exp(-squares / (2 * length * length));
  }

  private Given given(double length, double noise) {
    int n = places.length;
    double[] lower = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k <= i; k++) {
        lower[i * n + k] =
            covariance(places[i], places[k], length) + (i == k ? noise * variances[i] : 0);
      }
    }
    Cholesky.factorWithFloor(lower, n, 1e-12);
    double[] half = losses.clone();
    Cholesky.solveLower(lower, n, half);
    double variance = Arrays.stream(half).map(h -> h * h).sum() / (n - 1);
    return new Given(length, noise, lower, Math.max(variance, 1e-12));
  }

  /** Returns the log-likelihood up to a constant, integrated over the process variance. */
  private double likelihood(Given of) {
    double logarithms = 0;
    for (int i = 0; i < places.length; i++) {
      logarithms += Math.log(of.cholesky()[i * places.length + i]);
    }
    return -0.5 * (places.length - 1) * Math.log(of.variance()) - logarithms;
  }

  private Given cell(int cell) {
    Given known = given[cell];
    if (known == null) {
      known = given(LENGTHS[cell / NOISES.length], NOISES[cell % NOISES.length]);
      given[cell] = known;
    }
    return known;
  }

  /**
   * Returns the mean squared error of leave-one-out predictions, relative to the variance of the
   * losses. The residuals are K⁻¹y / diag(K⁻¹) (Rasmussen and Williams, equation 5.12).
   */
  double leftOutVariance() {
    double[] lower = cell(best).cholesky();
    double[] weights = losses.clone();
    Cholesky.solve(lower, weights.length, weights);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double[] column = new double[weights.length];
      column[i] = 1;
      Cholesky.solve(lower, column.length, column);
      sum += weights[i] / column[i] * (weights[i] / column[i]);
    }
    return sum / weights.length;
  }

  ToDoubleBiFunction<double[], TrainingScale> mean() {
    Given of = cell(best);
    double[] weights = losses.clone();
    Cholesky.solve(of.cholesky(), weights.length, weights);
    return surface(shares -> 0, weights, of.length());
  }

  ToDoubleBiFunction<double[], TrainingScale> draw(SplittableRandom random) {
    Given of = cell(drawCell(random));
    int freedom = places.length - 1;
    double deviation = Math.sqrt(of.variance() * freedom / ChiSquare.draw(random, freedom));
    Cosines prior = Cosines.draw(random, places[0].length, of.length(), deviation);
    double[] rest = losses.clone();
    for (int i = 0; i < rest.length; i++) {
      double noise = deviation * Math.sqrt(of.noise() * variances[i]) * random.nextGaussian();
      rest[i] -= prior.at(places[i]) + noise;
    }
    Cholesky.solve(of.cholesky(), rest.length, rest);
    return surface(prior::at, rest, of.length());
  }

  private int drawCell(SplittableRandom random) {
    double all = 0;
    for (double l : likelihoods) {
      all += Math.exp(l - likelihoods[best]);
    }
    double left = random.nextDouble() * all;
    for (int c = 0; c < likelihoods.length; c++) {
      left -= Math.exp(likelihoods[c] - likelihoods[best]);
      if (left < 0) {
        return c;
      }
    }
    return best;
  }

  private ToDoubleBiFunction<double[], TrainingScale> surface(
      ToDoubleFunction<double[]> prior, double[] weights, double length) {
    return (shares, scale) -> {
      double[] at = place(shares);
      double sum = prior.applyAsDouble(at);
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * covariance(at, places[i], length);
      }
      return middle + unit * sum;
    };
  }

  /** A draw from the prior, which is a constant plus random cosines. */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Cosines(
      double constant, double[] heights, double[][] frequencies, double[] phases) {
    static Cosines draw(SplittableRandom random, int dimensions, double length, double deviation) {
      double[] heights = new double[COSINES];
      double[][] frequencies = new double[COSINES][dimensions];
      double[] phases = new double[COSINES];
      double constant = deviation * Math.sqrt(CONSTANT) * random.nextGaussian();
      for (int m = 0; m < COSINES; m++) {
        heights[m] = deviation * Math.sqrt(2.0 / COSINES) * random.nextGaussian();
        Arrays.setAll(frequencies[m], j -> random.nextGaussian() / length);
        phases[m] = 2 * Math.PI * random.nextDouble();
      }
      return new Cosines(constant, heights, frequencies, phases);
    }

    double at(double[] place) {
      double sum = constant;
      for (int m = 0; m < heights.length; m++) {
        double angle = phases[m];
        for (int j = 0; j < place.length; j++) {
          angle += frequencies[m][j] * place[j];
        }
        sum += heights[m] * Math.cos(angle);
      }
      return sum;
    }
  }
}
