package dev.mixlaw.eval.stats;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An estimate of a standard deviation, with the degrees of freedom of the estimate.
 *
 * @param standardDeviation standard deviation of one observation or of an error, in the unit of the
 *     loss; relative if losses are compared by their logarithms
 * @param degreesOfFreedom degrees of freedom, above 0; infinite if the standard deviation is known
 */
public record NoiseEstimate(double standardDeviation, double degreesOfFreedom) {
  public static final NoiseEstimate NONE = new NoiseEstimate(0, Double.POSITIVE_INFINITY);

  /**
   * Largest number of degrees of freedom for which a chi-square value is drawn as a sum of squares.
   */
  private static final int MOST_SUMMED = 200;

  /** Estimates the noise from the residuals of a fit. */
  public static NoiseEstimate of(double[] residuals, int parameters) {
    double degrees = Math.max(1, residuals.length - parameters);
    double squares = Arrays.stream(residuals).map(r -> r * r).sum();
    return new NoiseEstimate(Math.sqrt(squares / degrees), degrees);
  }

  /** Pools the standard deviations within groups. Returns empty if no group has two values. */
  public static Optional<NoiseEstimate> pooled(Collection<double[]> groups) {
    double squares = 0;
    int degrees = 0;
    for (double[] group : groups) {
      double mean = Arrays.stream(group).average().orElse(0);
      squares += Arrays.stream(group).map(x -> (x - mean) * (x - mean)).sum();
      degrees += Math.max(0, group.length - 1);
    }
    return degrees == 0
        ? Optional.empty()
        : Optional.of(new NoiseEstimate(Math.sqrt(squares / degrees), degrees));
  }

  /**
   * Moderates several estimates (Smyth 2004). Each estimate is combined with a prior that is
   * estimated from all of them. The more similar the true variances are, the more degrees of
   * freedom the prior has.
   *
   * @param all estimates with finite degrees of freedom
   */
  public static List<NoiseEstimate> moderated(List<NoiseEstimate> all) {
    double total = all.stream().mapToDouble(NoiseEstimate::degreesOfFreedom).sum();
    double pooled = all.stream().mapToDouble(n -> n.degreesOfFreedom * n.variance()).sum() / total;
    double[] logs =
        all.stream()
            .mapToDouble(
                n ->
                    Math.log(Math.max(n.variance(), 1e-6 * pooled))
                        - Gamma.digamma(n.degreesOfFreedom / 2)
                        + Math.log(n.degreesOfFreedom / 2))
            .toArray();
    double mean = Arrays.stream(logs).average().orElse(0);
    double spread =
        Arrays.stream(logs).map(e -> (e - mean) * (e - mean)).sum() / Math.max(1, logs.length - 1);
    double expected =
        all.stream().mapToDouble(n -> Gamma.trigamma(n.degreesOfFreedom / 2)).average().orElse(0);
    if (!(spread > expected) || pooled == 0) {
      return Collections.nCopies(all.size(), new NoiseEstimate(Math.sqrt(pooled), total));
    }
    double half = Gamma.inverseTrigamma(spread - expected);
    double prior = Math.exp(mean + Gamma.digamma(half) - Math.log(half));
    return all.stream()
        .map(
            n -> {
              double degrees = 2 * half + n.degreesOfFreedom;
              double variance = (2 * half * prior + n.degreesOfFreedom * n.variance()) / degrees;
              return new NoiseEstimate(Math.sqrt(variance), Math.min(total, degrees));
            })
        .toList();
  }

  /**
   * Returns a single estimate that approximates a mixture of equally likely estimates. Its σ² has a
   * scaled inverse chi-square distribution with the same mean and variance of ln σ² as in the
   * mixture.
   *
   * @param parts estimates with standard deviations above 0
   */
  public static NoiseEstimate ofMixture(List<NoiseEstimate> parts) {
    double mean = 0;
    double square = 0;
    double own = 0;
    for (NoiseEstimate part : parts) {
      double half = part.degreesOfFreedom / 2;
      double log = 2 * Math.log(part.standardDeviation) + Math.log(half) - Gamma.digamma(half);
      mean += log / parts.size();
      square += log * log / parts.size();
      own += Gamma.trigamma(half) / parts.size();
    }
    double shape = Gamma.inverseTrigamma(Math.max(0, square - mean * mean) + own);
    double log = mean + Gamma.digamma(shape) - Math.log(shape);
    return new NoiseEstimate(Math.exp(log / 2), 2 * shape);
  }

  public NoiseEstimate times(double factor) {
    return new NoiseEstimate(standardDeviation * factor, degreesOfFreedom);
  }

  public double variance() {
    return standardDeviation * standardDeviation;
  }

  /**
   * Returns the noise of the sum of two independent errors. The degrees of freedom are those of
   * Satterthwaite (1946).
   */
  public NoiseEstimate plus(NoiseEstimate other) {
    double sum = variance() + other.variance();
    double uncertainty =
        variance() * variance() / degreesOfFreedom
            + other.variance() * other.variance() / other.degreesOfFreedom;
    return new NoiseEstimate(
        Math.sqrt(sum), uncertainty > 0 ? sum * sum / uncertainty : Double.POSITIVE_INFINITY);
  }

  /**
   * Draws a standard deviation from its posterior. The posterior of the variance is a scaled
   * inverse chi-square distribution with degrees of freedom rounded to an integer.
   */
  public double drawStandardDeviation(RandomGenerator random) {
    int degrees = (int) Math.max(1, Math.round(Math.min(degreesOfFreedom, 1e9)));
    double chiSquare =
        degrees <= MOST_SUMMED
            ? ChiSquare.draw(random, degrees)
            : ChiSquare.drawApproximately(random, degrees);
    return standardDeviation * Math.sqrt(degrees / chiSquare);
  }
}
