package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;

/**
 * Interval of a proportion (WilsonInterval 1927, "Probable inference", equation for the score
 * interval).
 */
public final class WilsonInterval {
  private static final double Z = 1.959963984540054;

  private WilsonInterval() {}

  /**
   * A proportion with its 95 % interval, within 0 and 1.
   *
   * @param proportion of {@code n}
   * @param n how many were asked; not whole where a spread was found instead of counted
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
