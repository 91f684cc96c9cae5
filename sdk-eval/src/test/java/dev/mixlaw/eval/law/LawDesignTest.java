package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunDesign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tests that runs that are chosen to estimate one quantity reach the precision of a whole grid with
 * less compute.
 */
class LawDesignTest {
  /** The loss at four times the parameters and tokens of the largest run. */
  private static final ToDoubleFunction<double[]> LARGER =
      p -> LawForms.CHINCHILLA.loss(p, 4 * 6.25e9, 4 * 7.776e11);

  @Test
  void chosenRunsReachTheWidthOfTheGridForLessCompute() {
    Sum sum = simulate(Truth.chinchilla(), .005, LARGER, true, 8);
    assertThat(sum.cost()).isLessThan(.1);
    assertThat(sum.width()).isBetween(.8, 1.1);
    assertThat(sum.held()).isGreaterThanOrEqualTo(.75);
  }

  @Test
  void aBudgetIsNotExceededAndARunIsNotRepeatedTooOften() {
    // given
    RunDesign<double[]> design =
        fit(pilot(Truth.chinchilla(), .005, new SplittableRandom(3)), 0).design(LARGER).atMost(2);
    // when
    RunDesign.Choice<double[]> choice = design.next(1e20).orElseThrow();
    // then
    assertThat(choice.flops()).isPositive().isLessThanOrEqualTo(1e20);
    assertThat(choice.runs())
        .allSatisfy(
            run ->
                assertThat(choice.runs().stream().filter(r -> Arrays.equals(r, run)).count())
                    .isLessThanOrEqualTo(2));
    assertThat(design.reach(10).orElseThrow().runs()).isEmpty();
  }

  @Test
  void theExpectedWidthIsThatOfTheResamples() {
    SplittableRandom random = new SplittableRandom(3);
    Observations runs = Truth.chinchilla().observe(() -> .005 * random.nextGaussian());
    LawFit fit = fit(runs, 1000);
    Interval interval = fit.estimate(LARGER).interval();
    double width = fit.design(LARGER).reach(10).orElseThrow().width();
    assertThat(width / (interval.high() - interval.low())).isBetween(.9, 1.1);
  }

  @Test
  void aDesignThatCannotBeComputedIsRefused() {
    LawFit fit = fit(pilot(Truth.chinchilla(), .005, new SplittableRandom(3)), 0);
    assertThat(fit.design(p -> 1).next(1e20).toString())
        .contains("its interval has no width", "a quantity that depends on the parameters");
    assertThat(fit.design(LARGER).next(10).toString()).contains("no candidate costs at most");
    LawFit data =
        LawFitter.of(LawForms.DATA).bootstrap(0).fit(Truth.data(8).observe(() -> 0)).orElseThrow();
    assertThat(data.design(p -> p[0]).next(1e20).toString()).contains("use a law of N and D");
    assertThatThrownBy(() -> fit.design(LARGER).atMost(0))
        .hasMessageContaining("runs at a point: 0; expected at least 1");
  }

  /**
   * Means over simulated studies.
   *
   * @param cost compute of the chosen runs, including the pilot, divided by that of the whole grid
   * @param width width of the interval, divided by the mean width with the whole grid
   * @param held fraction of intervals that contain the true value
   * @param steps number of times that runs were chosen
   * @param runs number of runs, divided by that of the whole grid
   */
  record Sum(double cost, double width, double held, double steps, double runs) {}

  /**
   * Fits the cheapest 40 % of a grid, and adds runs until the expected interval is as narrow as the
   * mean interval with the whole grid.
   *
   * @param quantity function of the law's parameters that is to be estimated
   * @param free whether N and D can be chosen freely within the range of the grid
   */
  static Sum simulate(
      Truth truth,
      double noise,
      ToDoubleFunction<double[]> quantity,
      boolean free,
      int repetitions) {
    double exact = quantity.applyAsDouble(truth.parameters());
    List<double[]> candidates = free ? candidates(truth.design()) : truth.design();
    double wanted =
        IntStream.range(0, 20)
            .mapToObj(i -> new SplittableRandom(i * 104729L + 7))
            .map(random -> fit(truth.observe(() -> noise * random.nextGaussian()), 0))
            .mapToDouble(fit -> fit.design(quantity).reach(1e9).orElseThrow().width())
            .average()
            .orElseThrow();
    double grid = flops(truth.observe(() -> 0));
    double[] sums =
        IntStream.range(0, repetitions)
            .parallel()
            .mapToObj(
                i -> {
                  SplittableRandom random = new SplittableRandom(i * 7919L + 17);
                  Observations runs = pilot(truth, noise, random);
                  int steps = 0;
                  for (; steps < 40; steps++) {
                    List<double[]> next =
                        fit(runs, 0)
                            .design(quantity, candidates)
                            .reach(wanted)
                            .orElseThrow()
                            .runs();
                    if (next.isEmpty()) {
                      break;
                    }
                    runs = with(runs, next, truth, noise, random);
                  }
                  Interval own = fit(runs, 1000).estimate(quantity).interval();
                  return new double[] {
                    flops(runs) / grid,
                    (own.high() - own.low()) / wanted,
                    own.contains(exact) ? 1 : 0,
                    steps,
                    (double) runs.size() / truth.design().size()
                  };
                })
            .reduce(
                new double[5],
                (a, b) -> IntStream.range(0, 5).mapToDouble(k -> a[k] + b[k]).toArray());
    double[] m = Arrays.stream(sums).map(s -> s / repetitions).toArray();
    return new Sum(m[0], m[1], m[2], m[3], m[4]);
  }

  /** Returns the given points, and a grid of eight by eight points over their range. */
  private static List<double[]> candidates(List<double[]> points) {
    List<double[]> all = new ArrayList<>(points);
    double[] low =
        points.stream()
            .reduce((a, b) -> new double[] {Math.min(a[0], b[0]), Math.min(a[1], b[1])})
            .orElseThrow();
    double[] high =
        points.stream()
            .reduce((a, b) -> new double[] {Math.max(a[0], b[0]), Math.max(a[1], b[1])})
            .orElseThrow();
    for (int i = 0; i < 64; i++) {
      all.add(
          new double[] {
            low[0] * Math.pow(high[0] / low[0], i / 8 / 7.),
            low[1] * Math.pow(high[1] / low[1], i % 8 / 7.)
          });
    }
    return all;
  }

  /**
   * Returns losses of the cheapest 40 % of the points, or of more if these do not identify the law.
   */
  private static Observations pilot(Truth truth, double noise, SplittableRandom random) {
    List<double[]> cheapest =
        truth.design().stream().sorted(Comparator.comparingDouble(at -> at[0] * at[1])).toList();
    int number = 2 * cheapest.size() / 5;
    while (isTooFew(cheapest.subList(0, number))) {
      number++;
    }
    Observations none = ObservationsBuilder.of(Input.N, Input.D).build();
    return with(none, cheapest.subList(0, number), truth, noise, random);
  }

  private static boolean isTooFew(List<double[]> points) {
    return LawFitter.checkDesign("pilot", LawForms.CHINCHILLA, points.toArray(double[][]::new))
        .isPresent();
  }

  private static Observations with(
      Observations fitted,
      List<double[]> points,
      Truth truth,
      double noise,
      SplittableRandom random) {
    ObservationsBuilder all = ObservationsBuilder.of(Input.N, Input.D);
    fitted.rows().forEach(all::add);
    for (double[] at : points) {
      double loss = truth.form().loss(truth.parameters(), at);
      all.add(loss * Math.exp(noise * random.nextGaussian()), at);
    }
    return all.build();
  }

  private static LawFit fit(Observations runs, int resamples) {
    return LawFitter.of(LawForms.CHINCHILLA)
        .bootstrap(resamples)
        .resampling(Resampling.parametric())
        .fit(runs)
        .orElseThrow();
  }

  private static double flops(Observations runs) {
    return runs.rows().stream().mapToDouble(r -> 6 * r.inputs()[0] * r.inputs()[1]).sum();
  }

  /** Prints the table of {@code BENCHMARKS.md}; the argument is the number of repetitions. */
  public static void main(String[] args) {
    int repetitions = Integer.parseInt(args[0]);
    print("simulated 5 x 6", Truth.chinchilla(), .005, repetitions);
    published("chinchilla.csv", SharedData.chinchilla().dropHighest(5), repetitions);
    for (String corpus : List.of("c4_original", "rpj", "rw_original")) {
      ObservationsBuilder rows = ObservationsBuilder.of(Input.N, Input.D);
      for (Map<String, String> row : SharedData.csv("laws/overtraining.csv")) {
        if (row.get("train_corpus").equals(corpus)) {
          rows.add(
              SharedData.number(row, "loss_c4_val"),
              SharedData.number(row, "params"),
              SharedData.number(row, "tokens"));
        }
      }
      published("overtraining.csv, " + corpus, rows.build(), repetitions);
    }
  }

  private static void published(String name, Observations rows, int repetitions) {
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(0).fit(rows).orElseThrow();
    Truth truth =
        new Truth(fit.form(), fit.values(), rows.rows().stream().map(r -> r.inputs()).toList());
    print(name, truth, fit.noise(), repetitions);
  }

  private static void print(String name, Truth truth, double noise, int repetitions) {
    double n = truth.design().stream().mapToDouble(at -> at[0]).max().orElseThrow();
    double d = truth.design().stream().mapToDouble(at -> at[1]).max().orElseThrow();
    Map<String, ToDoubleFunction<double[]>> quantities = new TreeMap<>();
    quantities.put("E", p -> p[0]);
    quantities.put("loss at the largest N and D", p -> LawForms.CHINCHILLA.loss(p, n, d));
    quantities.put("loss at 4 N and 4 D", p -> LawForms.CHINCHILLA.loss(p, 4 * n, 4 * d));
    for (boolean free : new boolean[] {true, false}) {
      quantities.forEach(
          (quantity, of) -> {
            Sum s = simulate(truth, noise, of, free, repetitions);
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.1f %% | %.2f | %.1f %% | %.1f | %.1f |%n",
                name,
                free ? "free" : "of the table",
                quantity,
                100 * s.cost(),
                s.width(),
                100 * s.held(),
                s.steps(),
                s.runs());
          });
    }
  }
}
