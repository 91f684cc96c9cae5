package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunDesign;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.stats.Contrast;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * Simulates studies whose true losses are known, and counts how often statements of the findings
 * are correct.
 */
final class StudySimulation {
  private static final double NOISE = 0.03;
  private static final String BASELINE = "web";
  private static final int MOST_SEEDS = 16;

  private StudySimulation() {}

  /** Mean values over the repetitions, by the name of a quantity. */
  static final class Tally {
    private final Map<String, double[]> sums = new TreeMap<>();

    void add(String name, double value) {
      double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
      sum[0] += value;
      sum[1]++;
    }

    void add(String name, boolean hit) {
      add(name, hit ? 1 : 0);
    }

    Tally merge(Tally other) {
      other.sums.forEach(
          (name, sum) -> {
            double[] own = sums.computeIfAbsent(name, n -> new double[2]);
            own[0] += sum[0];
            own[1] += sum[1];
          });
      return this;
    }

    double mean(String name) {
      double[] sum = sums.get(name);
      return sum[0] / sum[1];
    }

    Set<String> names() {
      return sums.keySet();
    }
  }

  static Tally repeat(int repetitions, LongFunction<Tally> once) {
    return IntStream.rangeClosed(1, repetitions)
        .parallel()
        .mapToObj(once::apply)
        .reduce(new Tally(), (a, b) -> new Tally().merge(a).merge(b));
  }

  /**
   * Returns a study of mixtures web, m1, m2 … whose losses differ from that of web by the given
   * amounts.
   */
  static SyntheticRuns study(long seed, int seeds, double... differences) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {200_000};
    s.modelName = n -> n / 1000 + "k";
    s.budgets = new long[] {500_000};
    s.domains = new String[] {"wiki"};
    s.documents = 30;
    s.seedSpread = NOISE;
    s.runDocumentSpread = 0.02;
    s.seed = seed;
    for (int m = 0; m <= differences.length; m++) {
      double difference = m == 0 ? 0 : differences[m - 1];
      String name = m == 0 ? "web" : "m" + m;
      s.mixture(
          name,
          Map.of(name, 1.0),
          (n, d) -> 3 + 20 * Math.pow(n, -0.3) + 100 * Math.pow(d, -0.4) + difference);
      s.seeds.put(name, seeds);
    }
    return s;
  }

  private static double half(Estimate e) {
    return (e.interval().high() - e.interval().low()) / 2;
  }

  private static List<Comparison> compared(SyntheticRuns study) {
    StudyGrid grid = new StudyGrid(study.provenance(), study.runs(), Metric.NATS_PER_TOKEN);
    LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
    List<Comparison> all = new ArrayList<>();
    for (StudyGrid.Cell cell : grid.cells()) {
      if (!cell.mixture().equals("web")) {
        all.add(
            Comparisons.of(
                series, cell, grid.cell("web", cell.model(), cell.budget()).orElseThrow()));
      }
    }
    return Comparisons.adjusted(all);
  }

  static Tally differences(long seed, int seeds, boolean baselineOnly) {
    return differences(seed, seeds, baselineOnly, 1);
  }

  /**
   * Compares three mixtures with the baseline at three models and three budgets. The seed noise is
   * proportional to D^-0.5.
   *
   * @param noisy noise of m1 and m3 as a multiple of the noise of web and m2
   */
  static Tally differences(long seed, int seeds, boolean baselineOnly, double noisy) {
    SyntheticRuns s = study(seed, seeds, 0.02, -0.03, 0.1);
    s.params = new long[] {50_000, 100_000, 200_000};
    s.budgets = new long[] {125_000, 500_000, 2_000_000};
    s.seedFactor = (n, d) -> Math.sqrt(5e5 / d);
    s.seedMemory = 0.8;
    s.seedScale.putAll(Map.of("m1", noisy, "m3", noisy));
    if (baselineOnly) {
      List.of("m1", "m2", "m3").forEach(m -> s.seeds.put(m, 1));
    }
    Tally tally = new Tally();
    double[] truths = {0.02, -0.03, 0.1};
    for (Comparison c : compared(s)) {
      double truth = truths[c.mixture().charAt(1) - '1'];
      tally.add("held", c.difference().interval().contains(truth));
      tally.add("held at " + c.budget(), c.difference().interval().contains(truth));
      tally.add("held of " + c.mixture(), c.difference().interval().contains(truth));
      double runs = 1.0 / seeds + (baselineOnly ? 1 : 1.0 / seeds);
      double noise = NOISE * Math.sqrt(5e5 / c.budget().count());
      double own = s.seedScale.getOrDefault(c.mixture(), 1.0);
      double variance =
          noise * noise * (own * own * (baselineOnly ? 1 : 1.0 / seeds) + 1.0 / seeds);
      double known = 1.96 * Math.sqrt(variance + runs * 0.02 * 0.02 / 30);
      tally.add("width", half(c.difference()) / known);
      tally.add("degrees of freedom", Math.min(1000, c.degreesOfFreedom()));
    }
    return tally;
  }

  /** Compares twenty mixtures with a baseline that has the same loss. */
  static Tally nothing(long seed, int seeds) {
    List<Comparison> all = compared(study(seed, seeds, new double[20]));
    Tally tally = new Tally();
    tally.add("any discovery", all.stream().anyMatch(Comparison::significant));
    tally.add(
        "any interval without 0",
        all.stream().anyMatch(c -> !c.difference().interval().contains(0)));
    Comparison best =
        all.stream().min(Comparator.comparingDouble(c -> c.difference().value())).orElseThrow();
    tally.add("best held by its own interval", best.difference().interval().contains(0));
    Estimate simultaneous =
        Contrast.simultaneous(best.difference(), best.degreesOfFreedom(), all.size());
    tally.add("best held", simultaneous.interval().contains(0));
    return tally;
  }

  /**
   * Compares several kinds of text with the same losses: a share of one third is best, and two
   * thirds are worse by a tenth of the noise of a run. The best share of the kind with the lowest
   * loss is examined.
   */
  static Tally kinds(long seed, int seeds, int kinds) {
    SyntheticRuns s = study(seed, seeds);
    double[] differences = {-0.05, -0.05 + 0.1 * NOISE, 0.1};
    for (int k = 1; k <= kinds; k++) {
      String kind = "kind" + k;
      for (int i = 0; i < differences.length; i++) {
        double share = (i + 1) / 3.0;
        double difference = differences[i];
        String name = kind + "-" + i;
        Map<String, Double> shares =
            i == 2 ? Map.of(kind, 1.0) : Map.of("web", 1 - share, kind, share);
        s.mixture(name, shares, (n, d) -> 3 + difference);
        s.seeds.put(name, seeds);
      }
    }
    s.laws.put("web", (n, d) -> 3);
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
    BestShare chosen =
        BestShareCalculator.measured(grid, series, MixturesByShare.all(grid)).stream()
            .filter(b -> b.corpus().startsWith("kind"))
            .min(Comparator.comparingDouble(b -> b.lossByShare().get(b.share()).value()))
            .orElseThrow();
    Tally tally = new Tally();
    tally.add("range held", chosen.asGood().contains(1 / 3.0));
    tally.add("interval held", chosen.interval().contains(1 / 3.0));
    tally.add("width of range", chosen.asGood().high() - chosen.asGood().low());
    return tally;
  }

  static Tally power(long seed, int seeds) {
    double promised = compared(study(seed, seeds, 0, 0, 0)).get(0).detectable();
    Tally tally = new Tally();
    Comparison found = compared(study(-seed, seeds, promised, 0, 0)).get(0);
    tally.add("power", found.pValue() <= 0.05);
    double margin = 0.06;
    tally.add(
        "false equivalence",
        compared(study(seed, seeds, margin, 0, 0)).get(0).equivalentWithin(margin));
    return tally;
  }

  /**
   * Adds the runs that a {@link StudyDesign} chooses until the interval of the difference between
   * m1 and the baseline, which was measured at the point of the question, is narrow enough.
   */
  static Tally stopping(long seed, int seeds) {
    double truth = 0.02;
    SyntheticRuns s = study(seed, MOST_SEEDS, truth, 0, 0);
    List<RunResult> all = s.runs();
    Set<RunKey> trained = new HashSet<>();
    all.stream().map(RunResult::key).filter(k -> k.seed() < seeds).forEach(trained::add);
    for (int steps = 0; ; steps++) {
      List<RunResult> runs = all.stream().filter(r -> trained.contains(r.key())).toList();
      StudyGrid grid = new StudyGrid(s.provenance(), runs, Metric.NATS_PER_TOKEN);
      LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
      LossPredictor at =
          new LossPredictor(grid, series, new StudyLaws(grid, series, List.of()), false);
      List<RunKey> next =
          StudyDesign.of(
                  at, new Params(s.params[0]), new Tokens(s.budgets[0]), List.of("m1", BASELINE))
              .atMost(MOST_SEEDS)
              .reach(2.5 * NOISE)
              .map(RunDesign.Choice::runs)
              .toOptional()
              .orElse(List.of());
      if (next.isEmpty()) {
        StudyGrid.Cell m1 = grid.of("m1").get(0);
        Estimate found = series.difference(m1, grid.of(BASELINE).get(0)).estimate();
        Tally tally = new Tally();
        tally.add("held", found.interval().contains(truth));
        tally.add("narrow enough", 2 * half(found) <= 2.5 * NOISE);
        tally.add("seeds of m1", m1.runs().size());
        tally.add("steps", steps);
        return tally;
      }
      trained.addAll(next);
    }
  }

  /**
   * Simulates multiple-choice questions of different difficulty. The seed of a run shifts the
   * ability of its model for all questions.
   */
  static Tally choices(long seed, int seeds) {
    SyntheticRuns s = study(seed, seeds, 0, 0, 0);
    SplittableRandom random = new SplittableRandom(seed);
    int questions = 300;
    double noise = 0.25;
    double[] difficulty = new double[questions];
    for (int q = 0; q < questions; q++) {
      difficulty[q] = random.nextGaussian();
    }
    double[] ability = {0, 0, 0.4, -0.4};
    List<RunResult> runs = new ArrayList<>();
    Map<String, Double> accuracies = new TreeMap<>();
    for (RunResult r : s.runs()) {
      int mixture = r.key().mixture().equals("web") ? 0 : r.key().mixture().charAt(1) - '0';
      double own = ability[mixture] + noise * random.nextGaussian();
      accuracies.merge(r.key().mixture(), accuracy(own, 0) / seeds, Double::sum);
      List<Double> answers = new ArrayList<>();
      for (int q = 0; q < questions; q++) {
        boolean right = own + random.nextGaussian() > difficulty[q];
        answers.add(right ? 1.0 : 0.0);
      }
      Estimate any = Estimate.of(0, 0, 1);
      List<Measurement> all = new ArrayList<>(r.measurements());
      all.add(new Measurement("sky", Metric.ACC_NORM, any, answers));
      runs.add(r.at(r.key(), r.failure(), all));
    }
    StudyGrid grid = new StudyGrid(s.provenance(), runs, Metric.NATS_PER_TOKEN);
    Tally tally = new Tally();
    for (ChoiceFinding f : ChoiceFindings.of(grid)) {
      tally.add("value held", f.value().interval().contains(accuracies.get(f.mixture())));
      f.difference()
          .ifPresent(
              c -> {
                int mixture = f.mixture().charAt(1) - '0';
                double truth = accuracy(ability[mixture], noise) - accuracy(0, noise);
                tally.add("held", c.difference().interval().contains(truth));
                double questionsOnly = questionsOnly(runs, f.mixture());
                tally.add(
                    "held by questions alone",
                    Math.abs(c.difference().value() - truth) < questionsOnly);
              });
    }
    return tally;
  }

  /**
   * Returns half the width of a normal interval of the difference in accuracy that ignores seed
   * noise and uses only the variation over questions.
   */
  private static double questionsOnly(List<RunResult> runs, String mixture) {
    Function<String, double[]> right =
        name -> {
          List<RunResult> own = runs.stream().filter(r -> r.key().mixture().equals(name)).toList();
          double[] sum =
              new double[own.get(0).measurements(Metric.ACC_NORM).get(0).scores().size()];
          for (RunResult r : own) {
            for (int q = 0; q < sum.length; q++) {
              sum[q] += r.measurements(Metric.ACC_NORM).get(0).scores().get(q) / own.size();
            }
          }
          return sum;
        };
    double[] a = right.apply(mixture);
    double[] b = right.apply("web");
    double mean = 0;
    double square = 0;
    for (int q = 0; q < a.length; q++) {
      mean += (a[q] - b[q]) / a.length;
      square += (a[q] - b[q]) * (a[q] - b[q]) / a.length;
    }
    return 1.96 * Math.sqrt((square - mean * mean) / a.length);
  }

  /**
   * Returns the expected accuracy over seeds and questions: P(ability + noise · Z1 + Z2 > Z3) for
   * independent standard normal Z1, Z2 and Z3.
   */
  private static double accuracy(double ability, double noise) {
    double z = ability / Math.sqrt(2 + noise * noise);
    double sum = 0;
    int steps = 2000;
    for (int i = 0; i < steps; i++) {
      double x = -8 + (z + 8) * (i + 0.5) / steps;
      sum += Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * (z + 8) / steps;
    }
    return sum;
  }

  /**
   * Draws mixtures from a population and estimates how often a small model ranks two mixtures as a
   * large model does. The seed noise is the same at both sizes.
   */
  static Tally decisions(long seed, int seeds, int mixtures) {
    SplittableRandom random = new SplittableRandom(seed);
    double spread = 0.05;
    double correlation = 0.9;
    double[] small = new double[mixtures];
    double[] large = new double[mixtures];
    for (int m = 0; m < mixtures; m++) {
      double common = random.nextGaussian();
      large[m] = spread * common;
      small[m] =
          spread
              * (correlation * common
                  + Math.sqrt(1 - correlation * correlation) * random.nextGaussian());
    }
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {100_000, 400_000};
    s.modelName = n -> n / 1000 + "k";
    s.budgets = new long[] {500_000};
    s.domains = new String[] {"wiki"};
    s.documents = 10;
    s.seedSpread = NOISE;
    s.seed = seed;
    for (int m = 0; m < mixtures; m++) {
      String name = m == 0 ? "web" : "m" + m;
      double atSmall = small[m];
      double atLarge = large[m];
      s.mixture(name, Map.of(name, 1.0), (n, d) -> n < 200_000 ? 4 + atSmall : 3 + atLarge);
      s.seeds.put(name, seeds);
    }
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    DecisionAccuracy found =
        DecisionAccuracies.of(grid, ResampledLosses.of(grid, grid.metric(), Set.of()))
            .orElseThrow()
            .get(0);
    // correlation between the loss of one run at the small size and the true loss at the large size
    double observed =
        correlation * spread * spread / (spread * Math.sqrt(spread * spread + NOISE * NOISE));
    double truth = 0.5 + Math.asin(observed) / Math.PI;
    Tally tally = new Tally();
    tally.add("held", found.accuracy().interval().contains(truth));
    tally.add("accuracy", found.accuracy().value() - truth);
    return tally;
  }

  static void print(String what, Tally tally) {
    StringBuilder line = new StringBuilder(what);
    for (String name : tally.names()) {
      line.append(String.format(Locale.ROOT, " | %s %.3f", name, tally.mean(name)));
    }
    System.out.println(line);
  }

  /**
   * Prints the table of {@code BENCHMARKS.md}; the argument is the number of repetitions (default
   * 500).
   */
  public static void main(String[] args) {
    int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    for (int seeds : new int[] {2, 3, 5}) {
      print(seeds + " seeds, differences", repeat(repetitions, r -> differences(r, seeds, false)));
      print(
          seeds + " seeds, m1 and m3 five times as noisy",
          repeat(repetitions, r -> differences(r, seeds, false, 5)));
      print(
          seeds + " seeds of the baseline, differences",
          repeat(repetitions, r -> differences(r, seeds, true)));
      print(seeds + " seeds, 20 null mixtures", repeat(repetitions, r -> nothing(r, seeds)));
      print(seeds + " seeds, stopping", repeat(repetitions, r -> stopping(r, seeds)));
      print(seeds + " seeds, power", repeat(repetitions, r -> power(r, seeds)));
      print(seeds + " seeds, multiple choice", repeat(repetitions, r -> choices(r, seeds)));
      for (int kinds : new int[] {1, 2, 6}) {
        print(
            seeds + " seeds, best of " + kinds + " kinds of text",
            repeat(repetitions, r -> kinds(r, seeds, kinds)));
      }
      for (int mixtures : new int[] {3, 6, 12}) {
        print(
            seeds + " seeds, decisions of " + mixtures + " mixtures",
            repeat(repetitions, r -> decisions(r, seeds, mixtures)));
      }
    }
  }
}
