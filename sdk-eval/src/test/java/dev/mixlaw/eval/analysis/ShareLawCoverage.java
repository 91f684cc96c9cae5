package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Simulates studies and counts how often the interval of the best share, which is found from a law
 * over shares, contains the true best share. It also compares the width of the interval with the
 * actual error.
 *
 * <p>A study has one model size and five budgets. The loss is a parabola over the share, whose
 * minimum moves from 58 % at the smallest budget to 50 % at the largest.
 *
 * @param shares number of shares, evenly spaced from 0 to 1
 * @param seeds number of seeds of the baseline
 * @param spread standard deviation of the loss over seeds at 4M tokens in nats; it is proportional
 *     to D^-0.5
 * @param kink coefficient of (share - 0.5)^4, which is added to the loss above a share of one half,
 *     so that no parabola fits
 */
record ShareLawCoverage(int shares, int seeds, double spread, double kink) {
  ShareLawCoverage(int shares, int seeds, double spread) {
    this(shares, seeds, spread, 0);
  }

  private double loss(double s, double d) {
    return 2.8
        + kink * Math.pow(Math.max(0, s - 0.5), 4)
        + 0.25 * (s - 0.35) * (s - 0.35)
        + (200 + 60 * (s - 0.7) * (s - 0.7)) * Math.pow(d, -0.35);
  }

  private double best(double d) {
    return IntStream.rangeClosed(0, 1000)
        .mapToObj(i -> i / 1000.0)
        .min((a, b) -> Double.compare(loss(a, d), loss(b, d)))
        .orElseThrow();
  }

  /**
   * Results of the simulated studies.
   *
   * @param interval fraction of intervals that contain the true best share
   * @param asGood fraction of cases in which the true best share is in the range of shares that are
   *     not significantly worse than the best
   * @param width mean width of the intervals, divided by 3.92 times the root mean square error
   * @param refused number of studies in which no law could be fitted
   */
  record Result(double interval, double asGood, double width, int refused) {}

  Result simulate(int repetitions) {
    double[][] all =
        IntStream.rangeClosed(1, repetitions)
            .parallel()
            .mapToObj(this::once)
            .toArray(double[][]::new);
    double[] sum = new double[6];
    for (double[] one : all) {
      Arrays.setAll(sum, i -> sum[i] + one[i]);
    }
    return new Result(
        sum[1] / sum[0],
        sum[2] / sum[0],
        sum[3] / sum[0] / (3.92 * Math.sqrt(sum[4] / sum[0])),
        (int) sum[5]);
  }

  /**
   * Simulates one study. Returns sums over its budgets: number of best shares, intervals and ranges
   * that contain the true one, widths of intervals, squared errors, and whether no law was fitted.
   */
  private double[] once(int seed) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.documents = 20;
    s.domains = new String[] {"wiki"};
    s.seeds.put("web", seeds);
    s.seedSpread = spread;
    s.seedFactor = (n, d) -> Math.pow(d / 4e6, -0.5);
    s.seedMemory = 0.9;
    s.runDocumentSpread = 0.02;
    s.seed = seed;
    for (int k = 0; k < shares; k++) {
      double share = k / (shares - 1.0);
      s.share(share, (n, d) -> loss(share, d));
    }
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
    LossPredictor predictor = new LossPredictor(grid, series, new StudyLaws(grid, series), false);
    double[] found = new double[6];
    for (BestShareMap map : BestShareMaps.of(s.provenance(), predictor).all(4)) {
      if (!map.corpus().equals("hq")) {
        continue;
      }
      found[5] += map.laws().isEmpty() ? 1 : 0;
      for (BestShareMap.Cell cell : map.cells()) {
        if (cell.fitted().isKnown()) {
          BestShare share = cell.fitted().orElseThrow();
          double truth = best(cell.tokens().count());
          found[0]++;
          found[1] += share.interval().contains(truth) ? 1 : 0;
          found[2] += share.asGood().contains(truth) ? 1 : 0;
          found[3] += share.interval().high() - share.interval().low();
          found[4] += Math.pow(share.share() - truth, 2);
        }
      }
    }
    return found;
  }

  static List<ShareLawCoverage> all() {
    return List.of(
        new ShareLawCoverage(4, 3, 0.005),
        new ShareLawCoverage(4, 8, 0.005),
        new ShareLawCoverage(6, 3, 0.005),
        new ShareLawCoverage(6, 3, 0.02),
        new ShareLawCoverage(4, 1, 0.005),
        new ShareLawCoverage(6, 1, 0.005),
        new ShareLawCoverage(6, 1, 0.02),
        new ShareLawCoverage(5, 3, 0.005),
        new ShareLawCoverage(5, 3, 0.005, 0.5),
        new ShareLawCoverage(6, 3, 0.005, 0.5),
        new ShareLawCoverage(11, 3, 0.005, 0.5),
        new ShareLawCoverage(11, 3, 0.005, 3),
        new ShareLawCoverage(11, 3, 0.005, 10),
        new ShareLawCoverage(11, 3, 0.005, 30));
  }

  String row(Result r) {
    return String.format(
        Locale.ROOT,
        "| %d | %d | %.3f | %.1f | %.1f | %.1f | %.1f | %d |",
        shares,
        seeds,
        spread,
        kink,
        100 * r.interval(),
        100 * r.asGood(),
        r.width(),
        r.refused());
  }

  /** Prints the table; the argument is the number of repetitions (default 200). */
  public static void main(String[] args) {
    int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    System.out.println(
        "| shares | seeds | spread | kink | interval holds the best, % | range as good, % | width |"
            + " refused |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (ShareLawCoverage c : all()) {
      System.out.println(c.row(c.simulate(repetitions)));
    }
  }
}
