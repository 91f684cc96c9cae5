package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.internal.Noise;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How far runs that differ in their seed alone lie apart: one spread for all mixtures, models and
 * budgets, pooled from those that have several seeds.
 *
 * <p>Its degrees of freedom count the budgets of one mixture and model once, Σ over mixtures and
 * models of (most seeds - 1), because these are branches of the same trunks and err together. Each
 * resample draws a spread as likely as any given the pooled one (scaled inverse chi-square), so
 * that intervals are as wide as Student's t has them where seeds are few.
 *
 * @param spread in nats per token, 0 if no point has two seeds
 * @param degreesOfFreedom 0 if no point has two seeds
 */
record SeedNoise(double spread, int degreesOfFreedom) {

  /**
   * Of losses at a point of the grid.
   *
   * <pre>s² = Σ_points Σ_seeds (L - mean of the point)² / Σ_points (seeds - 1)</pre>
   *
   * @param losses of each completed run of the grid
   */
  static SeedNoise ofPoints(Grid grid, double[] losses) {
    double squares = 0;
    int surplus = 0;
    for (Grid.Cell cell : grid.cells()) {
      for (double off : deviations(cell, losses)) {
        squares += off * off;
      }
      surplus += cell.runs().size() - 1;
    }
    return surplus == 0
        ? new SeedNoise(0, 0)
        : new SeedNoise(Math.sqrt(squares / surplus), freedom(grid));
  }

  /**
   * Of whole curves over the budgets: how far a seed shifts the mean of all budgets.
   *
   * <pre>
   * s² = Σ_curves Σ_seeds (mean over budgets of (L - mean of the point))² / Σ_curves (seeds - 1)
   * </pre>
   *
   * @param losses of each completed run of the grid
   */
  static SeedNoise ofCurves(Grid grid, double[] losses) {
    double squares = 0;
    for (String mixture : grid.mixtures()) {
      for (Grid.Model model : grid.models()) {
        Map<Integer, double[]> bySeed = new TreeMap<>(); // sum, number
        for (Grid.Cell cell : grid.overBudgets(mixture, model)) {
          double[] deviations = deviations(cell, losses);
          for (int k = 0; k < deviations.length && deviations.length > 1; k++) {
            double[] sum =
                bySeed.computeIfAbsent(cell.runs().get(k).key().seed(), seed -> new double[2]);
            sum[0] += deviations[k];
            sum[1]++;
          }
        }
        for (double[] sum : bySeed.values()) {
          squares += sum[0] / sum[1] * (sum[0] / sum[1]);
        }
      }
    }
    int freedom = freedom(grid);
    return freedom == 0
        ? new SeedNoise(0, 0)
        : new SeedNoise(Math.sqrt(squares / freedom), freedom);
  }

  private static double[] deviations(Grid.Cell cell, double[] losses) {
    double[] own =
        Arrays.copyOfRange(losses, cell.firstRun(), cell.firstRun() + cell.runs().size());
    double mean = Arrays.stream(own).average().orElseThrow();
    Arrays.setAll(own, k -> own[k] - mean);
    return own;
  }

  private static int freedom(Grid grid) {
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
    return freedom;
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
