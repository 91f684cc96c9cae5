package dev.mixlaw.eval.law;

import java.util.List;
import java.util.Locale;

/** Prints how often intervals contain the true value; see {@link Coverage}. */
public final class CoverageBenchmark {
  private CoverageBenchmark() {}

  public static void main(String[] args) {
    int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    System.out.println(
        "| law | points | objective | noise | E | 4x extrapolation | new run | refused |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Truth truth : designs()) {
      for (Objective objective : Objective.values()) {
        Coverage c = Coverage.simulate(truth, objective, .01, repetitions, 400);
        System.out.printf(
            Locale.ROOT,
            "| %s | %d | %s | 1 %% | %.1f %% | %.1f %% | %.1f %% | %d |%n",
            truth.form().id(),
            truth.design().size(),
            objective,
            100 * c.floor(),
            100 * c.extrapolation(),
            100 * c.newRun(),
            c.refused());
      }
    }
  }

  private static List<Truth> designs() {
    return List.of(
        Truth.data(5),
        Truth.data(8),
        Truth.data(12),
        Truth.model(5),
        Truth.model(8),
        Truth.chinchilla());
  }
}
