package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Runs that are chosen for one quantity reach the precision of a whole grid for less compute. */
class RunDesignTest {
  /** Loss of a model and a budget four times as large as the largest ones. */
  private static final ToDoubleFunction<double[]> LARGER =
      p -> LawForms.CHINCHILLA.loss(p, 4 * 6.25e9, 4 * 7.776e11);

  @Test
  void chosenRunsReachTheWidthOfTheGridForLessCompute() {
    Sum sum = simulate(Truth.chinchilla(), .005, LARGER, 8);
    assertThat(sum.cost()).isLessThan(.4);
    assertThat(sum.width()).isLessThan(1.05);
    assertThat(sum.held()).isGreaterThanOrEqualTo(.75);
  }

  @Test
  void aBudgetIsNotExceededAndARunIsNotRepeatedTooOften() {
    // given
    LawFit fit = fit(pilot(Truth.chinchilla(), .005, new SplittableRandom(3)));
    RunDesign design = RunDesign.of(fit, LARGER).atMost(2);
    // when
    RunDesign.Choice choice = design.next(1e20).orElseThrow();
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
  void aDesignThatCannotBeComputedIsRefused() {
    LawFit fit = fit(pilot(Truth.chinchilla(), .005, new SplittableRandom(3)));
    assertThat(RunDesign.of(fit, p -> 1).next(1e20).toString())
        .contains("does not depend on the parameters");
    assertThat(RunDesign.of(fit, LARGER).next(10).toString())
        .contains("no candidate costs at most");
    LawFit data =
        LawFitter.of(LawForms.DATA)
            .bootstrap(100)
            .fit(Truth.data(8).observe(() -> 0))
            .orElseThrow();
    assertThat(RunDesign.of(data, p -> p[0]).next(1e20).toString())
        .contains("use a law of N and D");
    assertThatThrownBy(() -> RunDesign.of(fit, LARGER).atMost(0))
        .hasMessageContaining("runs at a point: 0; expected at least 1");
  }

  /**
   * Means over simulated studies.
   *
   * @param cost compute of the chosen runs over that of the whole grid, pilot included
   * @param width width of the interval over that of the whole grid
   * @param held share of intervals that contain the truth
   * @param heldByGrid the same for the whole grid
   * @param steps number of times that runs were chosen
   * @param runs number of runs over that of the whole grid
   */
  record Sum(
      double cost, double width, double held, double heldByGrid, double steps, double runs) {}

  /** Fits the cheapest 40 % of a grid, and adds runs until the interval is that of the grid. */
  static Sum simulate(
      Truth truth, double noise, ToDoubleFunction<double[]> quantity, int repetitions) {
    double[] sums = new double[6];
    double exact = quantity.applyAsDouble(truth.parameters());
    List<double[]> candidates = candidates(truth.design());
    for (int i = 0; i < repetitions; i++) {
      SplittableRandom random = new SplittableRandom(i * 7919L + 17);
      Observations grid = truth.observe(() -> noise * random.nextGaussian());
      Interval whole = fit(grid).estimate(quantity).interval();
      double wanted = whole.high() - whole.low();
      Observations runs = pilot(truth, noise, random);
      LawFit fit = fit(runs);
      int steps = 0;
      for (; steps < 30; steps++) {
        RunDesign.Choice choice =
            RunDesign.of(fit, quantity).candidates(candidates).reach(wanted).orElseThrow();
        if (choice.runs().isEmpty()) {
          break;
        }
        runs = with(runs, choice.runs(), truth, noise, random);
        fit = fit(runs);
      }
      Interval own = fit.estimate(quantity).interval();
      double[] one = {
        flops(runs) / flops(grid),
        (own.high() - own.low()) / wanted,
        own.contains(exact) ? 1 : 0,
        whole.contains(exact) ? 1 : 0,
        steps,
        (double) runs.size() / grid.size()
      };
      Arrays.setAll(sums, k -> sums[k] + one[k] / repetitions);
    }
    return new Sum(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  }

  /** The points of a table, and eight by eight points over its range. */
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

  /** The cheapest 40 % of the points, or more if these do not identify the law. */
  private static Observations pilot(Truth truth, double noise, SplittableRandom random) {
    List<double[]> cheapest =
        truth.design().stream().sorted(Comparator.comparingDouble(at -> at[0] * at[1])).toList();
    int number = 2 * cheapest.size() / 5;
    while (isTooFew(cheapest.subList(0, number))) {
      number++;
    }
    Observations none = Observations.of(Input.N, Input.D).build();
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
    Observations.Builder all = Observations.of(Input.N, Input.D);
    fitted.rows().forEach(all::add);
    for (double[] at : points) {
      double loss = truth.form().loss(truth.parameters(), at);
      all.add(loss * Math.exp(noise * random.nextGaussian()), at);
    }
    return all.build();
  }

  private static LawFit fit(Observations runs) {
    return LawFitter.of(LawForms.CHINCHILLA)
        .bootstrap(200)
        .resampling(Resampling.parametric())
        .fit(runs)
        .orElseThrow();
  }

  private static double flops(Observations runs) {
    return runs.rows().stream().mapToDouble(r -> 6 * r.inputs()[0] * r.inputs()[1]).sum();
  }

  /** Prints the table of BENCHMARKS.md; the argument is the number of repetitions. */
  public static void main(String[] args) {
    int repetitions = Integer.parseInt(args[0]);
    Truth simulated = Truth.chinchilla();
    print("simulated 5 x 6", simulated, .005, 6.25e9, 7.776e11, repetitions);
    Observations published = SharedData.chinchilla().dropHighest(5);
    published("chinchilla.csv", published, repetitions);
    for (String corpus : List.of("c4_original", "rpj", "rw_original")) {
      Observations.Builder rows = Observations.of(Input.N, Input.D);
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
    double n = Arrays.stream(rows.column(Input.N)).max().orElseThrow();
    double d = Arrays.stream(rows.column(Input.D)).max().orElseThrow();
    print(name, truth, fit.noise(), n, d, repetitions);
  }

  private static void print(
      String name, Truth truth, double noise, double n, double d, int repetitions) {
    Map<String, ToDoubleFunction<double[]>> quantities = new TreeMap<>();
    quantities.put("E", p -> p[0]);
    quantities.put("loss at the largest N and D", p -> LawForms.CHINCHILLA.loss(p, n, d));
    quantities.put("loss at 4 N and 4 D", p -> LawForms.CHINCHILLA.loss(p, 4 * n, 4 * d));
    quantities.forEach(
        (quantity, of) -> {
          Sum s = simulate(truth, noise, of, repetitions);
          System.out.printf(
              Locale.ROOT,
              "| %s | %s | %.1f %% | %.2f | %.1f %% | %.1f %% | %.1f | %.1f |%n",
              name,
              quantity,
              100 * s.cost(),
              s.width(),
              100 * s.held(),
              100 * s.heldByGrid(),
              s.steps(),
              s.runs());
        });
  }
}
