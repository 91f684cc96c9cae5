package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.internal.Noise;
import java.util.SplittableRandom;

/**
 * How far runs that differ in their seed alone lie apart.
 *
 * <p>One spread for all mixtures, models and budgets, pooled from the points that have several
 * seeds:
 *
 * <pre>s² = Σ_points Σ_seeds (L - mean of the point)² / Σ_points (seeds - 1)</pre>
 *
 * <p>Its degrees of freedom count the budgets of one mixture and model once, Σ over mixtures and
 * models of (most seeds - 1), because these are branches of the same trunks and err together. Each
 * resample draws a spread as likely as any given s (scaled inverse chi-square), so that intervals
 * are as wide as Student's t has them where seeds are few.
 *
 * @param spread s in nats per token, 0 if no point has two seeds
 * @param degreesOfFreedom 0 if no point has two seeds
 */
record SeedNoise(double spread, int degreesOfFreedom) {

  /**
   * Pools.
   *
   * @param losses of each completed run of the grid
   */
  static SeedNoise of(Grid grid, double[] losses) {
    double squares = 0;
    int surplus = 0;
    for (Grid.Cell cell : grid.cells()) {
      double mean = 0;
      int n = cell.runs().size();
      for (int k = 0; k < n; k++) {
        mean += losses[cell.firstRun() + k] / n;
      }
      for (int k = 0; k < n; k++) {
        double off = losses[cell.firstRun() + k] - mean;
        squares += off * off;
      }
      surplus += n - 1;
    }
    if (surplus == 0) {
      return new SeedNoise(0, 0);
    }
    int freedom = 0;
    for (String mixture : grid.mixtures()) {
      for (Grid.Model model : grid.models()) {
        freedom +=
            grid.overBudgets(mixture, model).stream()
                .mapToInt(c -> c.runs().size() - 1)
                .max()
                .orElse(0);
      }
    }
    return new SeedNoise(Math.sqrt(squares / surplus), freedom);
  }

  boolean known() {
    return degreesOfFreedom > 0;
  }

  /** A spread for each resample. */
  double[] drawSpreads(int resamples, long seed) {
    double[] spreads = new double[resamples];
    if (known()) {
      Noise noise = new Noise(spread, degreesOfFreedom);
      SplittableRandom random = new SplittableRandom(seed);
      for (int r = 0; r < resamples; r++) {
        spreads[r] = noise.drawSpread(random);
      }
    }
    return spreads;
  }
}
