package dev.mixlaw.eval.law;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Prints how often a warning of a bad fit is given: for whole tables, and with the two largest
 * budgets held out.
 */
final class LackOfFitBenchmark {
  private LackOfFitBenchmark() {}

  public static void main(String[] args) {
    int tables = Integer.parseInt(args[0]);
    Map<String, DoubleBinaryOperator> misfits = new LinkedHashMap<>();
    misfits.put("no misfit", LackOfFitTest.NONE);
    misfits.put("along D", LackOfFitTest.ALONG_TOKENS);
    misfits.put("along N", LackOfFitTest.ALONG_PARAMS);
    misfits.put("N with D", LackOfFitTest.TOGETHER);
    misfits.put("bend in D", LackOfFitTest.BEND);
    for (int[] grid : new int[][] {{5, 6}, {5, 8}, {8, 10}}) {
      misfits.forEach(
          (name, misfit) -> {
            double whole = LackOfFitTest.share(misfit, grid[0], grid[1], tables);
            LackOfFitTest.HeldOut out =
                LackOfFitTest.HeldOut.simulate(misfit, grid[0], grid[1], tables);
            System.out.printf(
                Locale.ROOT,
                "| %d x %d | %s | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |%n",
                grid[0],
                grid[1],
                name,
                100 * whole,
                100 * out.inside(),
                100 * out.warned(),
                100 * out.failing(),
                100 * out.failingWarned());
          });
    }
  }
}
