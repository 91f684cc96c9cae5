package dev.mixlaw.api.internal;

/**
 * The seed noise that is assumed until a study has measured its own seed noise. The assumed
 * standard deviation for D tokens is 0.03·√(500k / D) nats per token. The formula is based on
 * models with 400k parameters. Averaged over seven domains, these models had standard deviations of
 * 0.09, 0.03 and 0.02 at 125k, 500k and 2M tokens.
 */
public final class SeedNoisePrior {
  /**
   * (z_0.975 + z_0.8)², where z_p is the p-quantile of the standard normal distribution. It is the
   * factor for a two-sided test at 5 % with a power of 80 %.
   */
  private static final double SQUARE = 7.849;

  private static final int MOST_SEEDS = 100;
  private static final int FEW_SEEDS = 5;

  private SeedNoisePrior() {}

  /** Returns the standard deviation of the loss over seeds, in nats per token. */
  public static double nats(long tokens) {
    return 0.03 * Math.sqrt(500_000.0 / tokens);
  }

  /**
   * Returns the number of seeds per mixture that are needed to detect a difference between two
   * mixtures with 80 % power. The number is at least 2, because seed noise cannot be measured with
   * a single seed.
   *
   * @param difference difference in nats per token, above 0
   * @throws IllegalArgumentException if the difference is not above 0, or more than 100 seeds would
   *     be needed
   */
  public static int seeds(double difference, long tokens) {
    if (!(difference > 0)) {
      throw new IllegalArgumentException("detect: " + difference + " nats; expected more than 0");
    }
    double ratio = nats(tokens) / difference;
    double needed = Math.max(2, Math.ceil(2 * SQUARE * ratio * ratio));
    if (needed > MOST_SEEDS) {
      throw new IllegalArgumentException(
          Texts.format(
              "detect: %.3g nats needs %.0f seeds at %s tokens; expected at most %d seeds (choose a larger difference, or a budget of %s, for which %d seeds suffice)",
              difference,
              needed,
              Quantity.format(tokens),
              MOST_SEEDS,
              Quantity.format((long) Math.min(1e18, tokens * needed / FEW_SEEDS)),
              FEW_SEEDS));
    }
    return (int) needed;
  }
}
