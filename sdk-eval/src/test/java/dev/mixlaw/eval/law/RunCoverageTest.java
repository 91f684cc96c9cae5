package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.ComputeOptimum;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests how often 95 % intervals contain the true value if rows are checkpoints of runs: intervals
 * of a parameter, of a new run, and of the best model size for a compute budget.
 */
class RunCoverageTest {
  private static final double FLOPS = 1e21;

  /**
   * Numbers of tables whose interval contains the true value, and the mean width of the interval of
   * E.
   */
  private record Hits(int floor, int newRun, int size, int exponent, double width) {}

  @Test
  void intervalsContainTheTrueValueIfRunsAreNamedAndAreTooNarrowOtherwise() {
    Hits named = simulate(true, 40);
    Hits unnamed = simulate(false, 40);
    assertThat(named.floor).isGreaterThanOrEqualTo(34);
    assertThat(named.newRun).isGreaterThanOrEqualTo(34);
    assertThat(named.size).isGreaterThanOrEqualTo(34);
    assertThat(unnamed.floor).isLessThan(named.floor);
    assertThat(unnamed.width).isLessThan(.7 * named.width);
  }

  @Tag("long")
  @Test
  void intervalsContainTheTrueValueInManyTables() {
    Hits named = simulate(true, 500);
    // 475 of 500 (95 %) are expected; 456 are about four standard deviations fewer
    assertThat(named.floor).isGreaterThanOrEqualTo(456);
    assertThat(named.newRun).isGreaterThanOrEqualTo(456);
    assertThat(named.size).isGreaterThanOrEqualTo(456);
    assertThat(named.exponent).isGreaterThanOrEqualTo(456);
  }

  /** Prints the coverage for {@code BENCHMARKS.md}; the argument is the number of tables. */
  public static void main(String[] args) {
    for (boolean named : new boolean[] {true, false}) {
      int tables = Integer.parseInt(args[0]);
      Hits hits = simulate(named, tables);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.1f | %.4f |%n",
          named ? "named" : "not named",
          100. * hits.floor / tables,
          100. * hits.newRun / tables,
          100. * hits.size / tables,
          100. * hits.exponent / tables,
          hits.width);
    }
  }

  private static Hits simulate(boolean named, int tables) {
    int floor = 0;
    int newRun = 0;
    int size = 0;
    int exponent = 0;
    double width = 0;
    double best = Math.pow(.35 * 480 / (.37 * 2000), 1 / .72) * Math.pow(FLOPS / 6, .37 / .72);
    for (int i = 0; i < tables; i++) {
      SplittableRandom random = new SplittableRandom(i * 104729L + 5);
      ObservationsBuilder rows = ObservationsBuilder.of(Input.N, Input.D);
      for (Observations.Observation row : LackOfFitTest.table((x, y) -> 0, true, random).rows()) {
        rows.add(
            new Observations.Observation(
                "row", row.inputs(), row.loss(), 1, named ? row.cluster() : Optional.empty()));
      }
      LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(200).fit(rows.build()).orElseThrow();
      ComputeOptimum optimum = fit.optimal(FLOPS).orElseThrow();
      double[] at = {2e10, 6e11};
      double truth = 1.8 + 480 * Math.pow(at[0], -.35) + 2000 * Math.pow(at[1], -.37);
      double measured = truth * Math.exp(Math.hypot(.005, .0015) * random.nextGaussian());
      floor += fit.parameter("E").interval().contains(1.8) ? 1 : 0;
      newRun += fit.predictNewRun(at).interval().contains(measured) ? 1 : 0;
      size += optimum.params().interval().contains(best) ? 1 : 0;
      exponent += optimum.paramsExponent().interval().contains(.37 / .72) ? 1 : 0;
      width +=
          (fit.parameter("E").interval().high() - fit.parameter("E").interval().low()) / tables;
    }
    return new Hits(floor, newRun, size, exponent, width);
  }
}
