package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Metric;
import dev.mixlaw.eval.analysis.StudySimulation.Tally;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Simulates losses with seed noise and counts how often intervals of differences from the baseline
 * contain the true difference, where the noise is estimated from these losses. There are no
 * documents, so a repetition takes milliseconds.
 *
 * @param mixtures number of mixtures, the first of which is the baseline
 * @param seeds number of runs of each mixture at each model size and budget (a point)
 * @param baselineOnly whether all other mixtures have a single run at each point
 * @param memory correlation of a seed's noise at a budget and at twice that budget
 * @param pointFreedom degrees of freedom of the scaled inverse chi-square distribution of the
 *     variance at each point; 0 if the variance has no such variation
 * @param spread standard deviation of the seed noise
 */
record SeedNoiseCoverage(
    String name,
    int mixtures,
    long[] params,
    long[] budgets,
    int seeds,
    boolean baselineOnly,
    double memory,
    int pointFreedom,
    Spread spread) {
  /** Standard deviation of the runs of a mixture, given the index of the mixture. */
  interface Spread {
    double of(int mixture, double params, double tokens);
  }

  private static final long[] SIZES = {50_000, 100_000, 200_000};
  private static final long[] BUDGETS = {125_000, 500_000, 2_000_000};
  private static final long[] QUICKSTART = {125_000, 250_000, 500_000, 1_000_000, 2_000_000};

  /**
   * Standard deviations in nats over 10 to 15 seeds of the Quickstart. Rows: natural, ngram-33,
   * ngram, paraphrased-33 and paraphrased text. Columns: five budgets with 50k parameters, then
   * five budgets with 100k.
   */
  private static final double[][] MEASURED = {
    {.103, .055, .022, .019, .022, .060, .029, .019, .022, .013},
    {.064, .043, .018, .021, .029, .024, .017, .027, .024, .011},
    {.023, .030, .035, .027, .027, .014, .018, .015, .007, .007},
    {.085, .046, .022, .026, .013, .080, .036, .029, .030, .018},
    {.128, .084, .036, .019, .021, .065, .027, .023, .027, .017}
  };

  private static SeedNoiseCoverage grid(
      String name, int seeds, boolean baselineOnly, int pointFreedom, Spread spread) {
    return new SeedNoiseCoverage(
        name, 4, SIZES, BUDGETS, seeds, baselineOnly, 0.8, pointFreedom, spread);
  }

  static SeedNoiseCoverage noisyMixtures(int seeds) {
    return grid(
        "m1 and m3 five times as noisy",
        seeds,
        false,
        0,
        (m, n, d) -> (m % 2 == 1 ? 5 : 1) * root(d));
  }

  /**
   * Returns a case in which the noise of web and m2 is proportional to 1/D, and that of m1 and m3
   * does not depend on D.
   */
  static SeedNoiseCoverage exponents(int seeds) {
    return grid("exponents -1 and 0", seeds, false, 0, (m, n, d) -> m % 2 == 1 ? 1 : 500_000 / d);
  }

  private static double root(double tokens) {
    return Math.sqrt(500_000 / tokens);
  }

  static List<SeedNoiseCoverage> all(int seeds) {
    Spread equal = (m, n, d) -> root(d);
    return List.of(
        grid("equal", seeds, false, 0, equal),
        noisyMixtures(seeds),
        grid(
            "exponents -0.75 and 0",
            seeds,
            false,
            0,
            (m, n, d) -> m % 2 == 1 ? 1 : Math.pow(500_000 / d, 0.75)),
        exponents(seeds),
        grid("equal, points deviate with 16 degrees of freedom", seeds, false, 16, equal),
        grid(
            "four times as large at the middle budget",
            seeds,
            false,
            0,
            (m, n, d) -> d == 500_000 ? 4 : 1),
        new SeedNoiseCoverage(
            "as measured in the Quickstart",
            5,
            new long[] {50_000, 100_000},
            QUICKSTART,
            seeds,
            false,
            0.7,
            0,
            (m, n, d) ->
                MEASURED[m][
                    (n > 75_000 ? 5 : 0) + (int) Math.round(Math.log(d / 125e3) / Math.log(2))]),
        new SeedNoiseCoverage(
            "21 mixtures at one point",
            21,
            new long[] {200_000},
            new long[] {500_000},
            seeds,
            false,
            0.8,
            0,
            (m, n, d) -> 1),
        grid("equal, seeds of the baseline alone", seeds, true, 0, equal));
  }

  private StudyGrid grid() {
    SyntheticRuns s = new SyntheticRuns();
    s.params = params;
    s.modelName = n -> n / 1000 + "k";
    s.budgets = budgets;
    s.documents = 1;
    for (int m = 0; m < mixtures; m++) {
      String name = m == 0 ? "web" : "m" + m;
      s.mixture(name, Map.of(name, 1.0), (n, d) -> 3);
      s.seeds.put(name, m > 0 && baselineOnly ? 1 : seeds);
    }
    return new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
  }

  private double spread(StudyGrid grid, StudyGrid.Cell cell) {
    return spread.of(
        grid.mixtures().indexOf(cell.mixture()),
        cell.model().params().count(),
        cell.budget().count());
  }

  private double[] losses(StudyGrid grid, SplittableRandom random) {
    double[] losses = new double[grid.completed().size()];
    for (String mixture : grid.mixtures()) {
      for (StudyGrid.Model model : grid.models()) {
        Map<Integer, Double> last = new HashMap<>();
        double before = 0;
        for (StudyGrid.Cell cell : grid.overBudgets(mixture, model)) {
          double tokens = cell.budget().count();
          double kept = before == 0 ? 0 : Math.pow(memory, Math.log(tokens / before) / Math.log(2));
          before = tokens;
          double chiSquare =
              random.doubles(pointFreedom).map(x -> Math.pow(random.nextGaussian(), 2)).sum();
          double own =
              spread(grid, cell) * (pointFreedom == 0 ? 1 : Math.sqrt(pointFreedom / chiSquare));
          for (int k = 0; k < cell.runs().size(); k++) {
            int seed = cell.runs().get(k).key().seed();
            double z =
                kept * last.getOrDefault(seed, 0.0)
                    + Math.sqrt(1 - kept * kept) * random.nextGaussian();
            last.put(seed, z);
            losses[cell.firstRun() + k] = own * z;
          }
        }
      }
    }
    return losses;
  }

  private static double mean(double[] losses, StudyGrid.Cell cell) {
    int first = cell.firstRun();
    return Arrays.stream(losses, first, first + cell.runs().size()).average().orElseThrow();
  }

  Tally simulate(int repetitions) {
    StudyGrid grid = grid();
    return StudySimulation.repeat(repetitions, r -> once(grid, r));
  }

  private Tally once(StudyGrid grid, long repetition) {
    double[] losses = losses(grid, new SplittableRandom(1000 * repetition));
    SeedNoise noise = SeedNoise.of(grid, losses, repetition);
    Tally tally = new Tally();
    for (StudyGrid.Cell cell : grid.cells()) {
      if (!cell.mixture().equals("web")) {
        StudyGrid.Cell web = grid.cell("web", cell.model(), cell.budget()).orElseThrow();
        NoiseEstimate error = noise.ofDifference(cell, web);
        Contrast difference = new Contrast(mean(losses, cell) - mean(losses, web), error);
        boolean held = difference.estimate().interval().contains(0);
        tally.add("held", held);
        if (budgets.length > 1) {
          tally.add("held of " + cell.mixture(), held);
          tally.add("held at " + cell.budget(), held);
          if (cell.model().equals(grid.models().get(0))) {
            tally.add("smallest size at " + cell.budget(), held);
          }
        }
        double known =
            Math.hypot(
                spread(grid, cell) / Math.sqrt(cell.runs().size()),
                spread(grid, web) / Math.sqrt(web.runs().size()));
        double half = difference.estimate().interval().high() - difference.value();
        tally.add("width", half / (1.96 * known));
        tally.add("degrees of freedom", error.degreesOfFreedom());
      }
    }
    return tally;
  }

  /** Prints the table of BENCHMARKS.md; the argument is the number of repetitions. */
  public static void main(String[] args) {
    for (int seeds : new int[] {2, 3, 5}) {
      for (SeedNoiseCoverage cell : all(seeds)) {
        StudySimulation.print(
            seeds + " seeds, " + cell.name, cell.simulate(Integer.parseInt(args[0])));
      }
    }
  }
}
