package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Tokens;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints the summary of a study and the losses of the largest model at the largest budget. */
final class FindingsSummary {
  private FindingsSummary() {}

  static void print(Findings findings) {
    PrintStream out = System.out;
    RunResult largest =
        findings.runs().stream()
            .filter(RunResult::completed)
            .max(
                Comparator.comparingLong(RunResult::nonEmbeddingParameters)
                    .thenComparingLong(RunResult::tokens))
            .orElse(null);
    if (largest == null) {
      out.println("No run was completed.");
      findings.refusals().forEach(out::println);
      return;
    }
    Tokens budget = largest.key().budget();
    String model = largest.key().model();
    out.println();
    Samples.print(
        "%-24s %18s %18s",
        "at " + model + ", " + budget + " tokens", "nats per token", "bits per byte");
    Map<String, List<MeanLoss>> byMixture =
        findings.means().stream()
            .filter(m -> m.key().model().equals(model) && m.key().budget().equals(budget))
            .collect(Collectors.groupingBy(m -> m.key().mixture()));
    byMixture.entrySet().stream()
        .sorted(
            Comparator.comparingDouble(
                e -> mean(e.getValue(), m -> m.macro().get(findings.metric()))))
        .forEach(
            e ->
                Samples.print(
                    "%-24s %18s %18s",
                    e.getKey(),
                    loss(mean(e.getValue(), MeanLoss::macroNatsPerToken)),
                    loss(mean(e.getValue(), MeanLoss::macroBitsPerByte))));
    out.println();
    findings.summary().forEach(out::println);
    out.println();
  }

  /** Formats a loss, which is unknown if the losses of a table have a different unit. */
  private static String loss(double loss) {
    return Double.isFinite(loss) ? Texts.format("%.4f", loss) : "unknown";
  }

  private static double mean(List<MeanLoss> seeds, Function<MeanLoss, Estimate> of) {
    return seeds.stream().mapToDouble(m -> of.apply(m).value()).average().orElseThrow();
  }
}
