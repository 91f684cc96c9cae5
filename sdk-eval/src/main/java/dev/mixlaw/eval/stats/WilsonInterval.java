package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;
import java.util.Arrays;

/**
 * The score interval of a proportion (Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference").
 */
public final class WilsonInterval {
  private static final double Z = 1.959963984540054;

  private WilsonInterval() {}

  /**
   * Returns the mean of scores between 0 and 1 with its 95 % interval. If the scores vary less than
   * scores of 0 and 1 with the same mean, each score counts as more than one trial.
   */
  public static Estimate ofMean(double[] scores) {
    int n = scores.length;
    double mean = Math.min(1, Arrays.stream(scores).sum() / n);
    double variance = Arrays.stream(scores).map(x -> (x - mean) * (x - mean)).sum() / n;
    return of(mean, variance > 0 ? n * mean * (1 - mean) / variance : n);
  }

  /**
   * Returns a proportion with its 95 % interval.
   *
   * @param proportion share of successes, from 0 to 1
   * @param n number of trials, or the effective number of trials, which can be fractional
   */
  public static Estimate of(double proportion, double n) {
    double z2 = Z * Z / n;
    double centre = (proportion + z2 / 2) / (1 + z2);
    double half = Z * Math.sqrt(proportion * (1 - proportion) / n + z2 / (4 * n)) / (1 + z2);
    return Estimate.of(
        proportion,
        Math.min(proportion, Math.max(0, centre - half)),
        Math.max(proportion, Math.min(1, centre + half)));
  }
}
