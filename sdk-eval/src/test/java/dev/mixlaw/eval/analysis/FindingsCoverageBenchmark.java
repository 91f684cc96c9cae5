package dev.mixlaw.eval.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Prints how often intervals of findings contain the true value; see {@link FindingsCoverage}. */
public final class FindingsCoverageBenchmark {
  private FindingsCoverageBenchmark() {}

  /**
   * Prints the table. The arguments are the number of repetitions without laws (default 500) and
   * with laws (default 50), then numbers of seeds for studies in which all mixtures have the same
   * number.
   */
  public static void main(String[] args) {
    int plain = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    int withLaws = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    System.out.println(
        "| noise | memory | differences, % by budget | width | best share as good | measured speed-up | fitted | E | law at twice the largest budget |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (FindingsCoverage c : studies(args)) {
      FindingsCoverage.Result r = c.simulate(plain, false);
      FindingsCoverage.Result l =
          withLaws > 0 ? c.simulate(withLaws, true) : FindingsCoverage.Result.empty();
      List<String> widths =
          Arrays.stream(r.widths())
              .mapToObj(w -> String.format(Locale.ROOT, "%.1f", w / r.differences()[0].cases))
              .toList();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %s | %s | %s | %s | %.1f | %.1f | %.1f |%n",
          c.name(),
          c.memory(),
          FindingsCoverage.percents(r.differences()),
          String.join(" / ", widths),
          FindingsCoverage.percents(r.bestShares()),
          FindingsCoverage.percents(l.speedups()),
          100 * l.fitted().value(),
          100 * l.floors().value(),
          100 * l.predictions().value());
    }
  }

  private static List<FindingsCoverage> studies(String[] args) {
    return args.length <= 2
        ? FindingsCoverage.all()
        : Arrays.stream(args)
            .skip(2)
            .map(n -> FindingsCoverage.seeds(Integer.parseInt(n)))
            .toList();
  }
}
