package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.analysis.SpeedupCalculator.GenerationPrices;
import dev.mixlaw.eval.law.LawFit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Simulates studies of the Quickstart's shape and counts how often the intervals of their findings
 * contain the true value. A study has four model sizes, five budgets, a baseline with three seeds,
 * and three more shares of one corpus.
 *
 * @param name description of the seed noise
 * @param factor seed noise at N parameters and D tokens, as a multiple of {@link #SPREAD}
 * @param memory correlation of a seed's noise at a budget and at twice that budget
 * @param others number of seeds of each mixture; if it is 1, the baseline still has three
 */
record FindingsCoverage(String name, SyntheticRuns.Law factor, double memory, int others) {
  static final long[] PARAMS = {50_000, 100_000, 200_000, 400_000};
  static final long[] BUDGETS = {80_000, 120_000, 200_000, 310_000, 480_000};
  private static final double[] SHARES = {0, 0.33, 0.67, 1};

  /** Standard deviation of the loss over seeds in nats where the factor is 1. */
  private static final double SPREAD = 0.04;

  /** Returns studies whose seed noise is 0.04 · (N / 200k)^c · (D / 200k)^b nats. */
  static FindingsCoverage power(double b, double c, double memory) {
    return new FindingsCoverage(
        String.format(java.util.Locale.ROOT, "b %.2f, c %.2f", b, c),
        (n, d) -> Math.pow(n / 2e5, c) * Math.pow(d / 2e5, b),
        memory,
        1);
  }

  /**
   * Returns studies with the same number of seeds for all mixtures, whose seed noise is
   * proportional to D^-0.5.
   */
  static FindingsCoverage seeds(int number) {
    return new FindingsCoverage(number + " seeds", (n, d) -> Math.pow(d / 2e5, -0.5), 0.8, number);
  }

  private static double loss(double share, double n, double d) {
    return 2.2
        + 30 * Math.pow(n, -0.3)
        + 180 * (1 + 0.1 * share - 0.05 * Math.sin(Math.PI * share)) * Math.pow(d, -0.4)
        + 0.05 * share;
  }

  private SyntheticRuns study(long seed) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = PARAMS;
    s.budgets = BUDGETS;
    s.modelName = n -> n / 1000 + "k";
    s.domains = new String[] {"wiki"};
    s.documents = 40;
    for (double share : SHARES) {
      String name = share == 0 ? "web" : share == 1 ? "hq" : "hq-" + Math.round(100 * share);
      s.seeds.put(name, others == 1 && share == 0 ? 3 : others);
    }
    s.seedSpread = SPREAD;
    s.seedFactor = factor;
    s.seedMemory = memory;
    s.runDocumentSpread = 0.02;
    s.seed = seed;
    for (double share : SHARES) {
      s.share(share, (n, d) -> loss(share, n, d));
    }
    return s;
  }

  /** The number of intervals and the number of those that contain the true value. */
  static final class Rate {
    int cases;
    int hits;

    void count(boolean hit) {
      cases++;
      hits += hit ? 1 : 0;
    }

    void add(Rate other) {
      cases += other.cases;
      hits += other.hits;
    }

    double value() {
      return hits / (double) cases;
    }
  }

  /**
   * How often intervals contained the true value. Arrays have one entry for each budget.
   *
   * @param differences intervals of differences from the baseline
   * @param widths sum over all differences of the interval's width, divided by the width if the
   *     noise were known and normal
   * @param bestShares ranges of shares that are not significantly worse than the best share
   * @param speedups intervals of speed-ups that were measured
   * @param fitted intervals of speed-ups by fitted laws
   * @param floors intervals of the parameter E of laws over tokens
   * @param predictions intervals of laws over tokens at twice the largest budget
   */
  record Result(
      Rate[] differences,
      double[] widths,
      Rate[] bestShares,
      Rate[] speedups,
      Rate fitted,
      Rate floors,
      Rate predictions) {
    static Result empty() {
      return new Result(
          rates(),
          new double[BUDGETS.length],
          rates(),
          rates(),
          new Rate(),
          new Rate(),
          new Rate());
    }

    private static Rate[] rates() {
      return IntStream.range(0, BUDGETS.length).mapToObj(i -> new Rate()).toArray(Rate[]::new);
    }

    Result plus(Result o) {
      for (int i = 0; i < BUDGETS.length; i++) {
        differences[i].add(o.differences[i]);
        widths[i] += o.widths[i];
        bestShares[i].add(o.bestShares[i]);
        speedups[i].add(o.speedups[i]);
      }
      fitted.add(o.fitted);
      floors.add(o.floors);
      predictions.add(o.predictions);
      return this;
    }
  }

  /** Simulates studies. Without fitted laws, a repetition takes a hundredth of the time. */
  Result simulate(int repetitions, boolean laws) {
    return IntStream.range(0, repetitions)
        .parallel()
        .mapToObj(i -> once(i + 1, laws))
        .reduce(Result.empty(), Result::plus, Result::plus);
  }

  private Result once(long seed, boolean withLaws) {
    SyntheticRuns study = study(seed);
    StudyGrid grid = new StudyGrid(study.provenance(), study.runs(), Metric.NATS_PER_TOKEN);
    LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
    Result result = Result.empty();
    for (StudyGrid.Cell cell : grid.cells()) {
      int at = grid.budgets().indexOf(cell.budget());
      if (!cell.mixture().equals("web")) {
        StudyGrid.Cell base = grid.cell("web", cell.model(), cell.budget()).orElseThrow();
        double truth = truth(grid, cell) - truth(grid, base);
        Interval interval = series.difference(cell, base).estimate().interval();
        result.differences[at].count(interval.contains(truth));
        double spread = SPREAD * factor.loss(cell.model().params().count(), cell.tokens());
        double known =
            2
                * 1.96
                * Math.sqrt(
                    spread * spread * (others == 1 ? 4 / 3.0 : 2.0 / others)
                        + 2 * 0.02 * 0.02 / 40);
        result.widths[at] += (interval.high() - interval.low()) / known;
      }
    }
    for (MixturesByShare axis : MixturesByShare.all(grid)) {
      if (axis.corpus().equals("hq")) {
        for (BestShare best : BestShareCalculator.measured(grid, series, List.of(axis))) {
          double n = best.params().count();
          double d = best.tokens().count();
          double truth =
              Arrays.stream(SHARES)
                  .boxed()
                  .min((a, b) -> Double.compare(loss(a, n, d), loss(b, n, d)))
                  .orElseThrow();
          result.bestShares[grid.budgets().indexOf(best.tokens())].count(
              best.asGood().contains(truth));
        }
      }
    }
    StudyLaws laws = withLaws ? new StudyLaws(grid, series) : null;
    if (laws != null) {
      LossPredictor predictor = new LossPredictor(grid, series, laws, false);
      for (Speedup s :
          new SpeedupCalculator(predictor, GenerationPrices.none()).all(new RefusalCollector())) {
        double share = SHARES[grid.mixtures().indexOf(s.mixture())];
        double truth = speedup(share, s.params().count(), s.tokens().count());
        int at = grid.budgets().indexOf(s.tokens());
        s.measured().toOptional().ifPresent(r -> result.speedups[at].count(contains(r, truth)));
        s.fitted().toOptional().ifPresent(r -> result.fitted.count(contains(r, truth)));
      }
      for (StudyGrid.Cell cell : grid.cells()) {
        if (cell.budget().equals(new Tokens(BUDGETS[0]))) {
          Answer<LawFit> law = laws.data(cell.mixture(), cell.model());
          double share = SHARES[grid.mixtures().indexOf(cell.mixture())];
          double floor = loss(share, cell.model().params().count(), 1e30);
          double far = 2 * BUDGETS[BUDGETS.length - 1];
          double loss = loss(share, cell.model().params().count(), far);
          law.toOptional()
              .ifPresent(
                  f -> {
                    result.floors.count(f.parameter("E").interval().contains(floor));
                    result.predictions.count(f.predict(far).interval().contains(loss));
                  });
        }
      }
    }
    return result;
  }

  private static boolean contains(Speedup.Ratio ratio, double truth) {
    return ratio.times().map(t -> t.interval().contains(truth)).orElse(true);
  }

  /** Returns the true speed-up, or 0 if the mixture never reaches the baseline's loss. */
  private static double speedup(double share, double n, double d) {
    double target = loss(0, n, d);
    double low = Math.log(1);
    double high = Math.log(1e30);
    if (loss(share, n, 1e30) >= target) {
      return 0;
    }
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (loss(share, n, Math.exp(middle)) > target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return d / Math.exp(low);
  }

  private static double truth(StudyGrid grid, StudyGrid.Cell cell) {
    return loss(
        SHARES[grid.mixtures().indexOf(cell.mixture())],
        cell.model().params().count(),
        cell.tokens());
  }

  static List<FindingsCoverage> all() {
    SyntheticRuns.Law hump = (n, d) -> d < 1e5 ? 0.2 : Math.pow(d / 1.2e5, -0.5);
    return List.of(
        power(0, 0, 1),
        power(0, 0, 0.8),
        power(-0.5, 0, 1),
        power(-0.5, 0.5, 0.8),
        power(-1, 0, 0.8),
        power(-1.67, 0, 1),
        power(-1.67, 0, 0.8),
        power(-1.67, 0, 0.3),
        power(0.5, -0.5, 0.8),
        new FindingsCoverage("hump", hump, 0.8, 1));
  }

  static String percents(Rate[] rates) {
    return String.join(
        " / ",
        Arrays.stream(rates)
            .map(r -> r.cases == 0 ? "-" : Math.round(1000 * r.value()) / 10.0 + "")
            .toList());
  }
}
