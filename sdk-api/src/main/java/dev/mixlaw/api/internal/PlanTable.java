package dev.mixlaw.api.internal;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes a plan for people. */
public final class PlanTable {
  private PlanTable() {}

  public static String of(Plan plan) {
    StringBuilder out = new StringBuilder();
    long done = plan.runs().stream().filter(PlannedRun::done).count();
    out.append(
        String.format(
            Locale.ROOT,
            "study %s: %d runs (%d done), %s tokens, %.3g FLOPs, about %s, at most %s of memory%n",
            plan.study(),
            plan.runs().size(),
            done,
            Quantity.format(plan.trainedTokens()),
            plan.exactFlops(),
            time(plan.estimatedTime().toSeconds()),
            bytes(plan.memoryBytes())));
    out.append(
        String.format(
            Locale.ROOT,
            "engine %s on %s, %d at once, %d threads each: %s%n",
            plan.engine(),
            plan.device(),
            plan.workers(),
            plan.threadsPerWorker(),
            plan.layoutReason()));
    out.append(
        String.format(
            Locale.ROOT,
            "%-24s %-10s %9s %9s %6s %8s %7s %8s  %s%n",
            "mixture",
            "model",
            "N",
            "tokens",
            "seeds",
            "batch",
            "steps",
            "rate",
            "repeats"));
    Map<String, String> rows = new LinkedHashMap<>();
    Map<String, Integer> seeds = new LinkedHashMap<>();
    for (PlannedRun run : plan.runs()) {
      String point = run.key().mixture() + '\n' + run.key().model() + '\n' + run.key().budget();
      seeds.merge(point, 1, Integer::sum);
      rows.put(
          point,
          String.format(
              Locale.ROOT,
              "%-24s %-10s %9s %9s %%6d %8d %7d %8.2g  %s%%n",
              run.key().mixture().replace("%", "%%"),
              run.key().model().replace("%", "%%"),
              Quantity.format(run.nonEmbeddingParameters()),
              Quantity.format(run.tokens()),
              run.batchSequences(),
              run.steps(),
              run.learningRate(),
              repeats(run.repeats())));
    }
    rows.forEach((point, row) -> out.append(String.format(Locale.ROOT, row, seeds.get(point))));
    plan.besides().forEach(b -> out.append("also: ").append(b).append(System.lineSeparator()));
    plan.warnings().forEach(w -> out.append("warning: ").append(w).append(System.lineSeparator()));
    return out.toString();
  }

  private static String repeats(Map<String, Double> repeats) {
    StringBuilder text = new StringBuilder();
    repeats.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            e -> text.append(String.format(Locale.ROOT, "%s ×%.2g ", e.getKey(), e.getValue())));
    return text.toString().strip();
  }

  /** Seconds in words. */
  public static String time(long seconds) {
    if (seconds < 90) {
      return seconds + " s";
    }
    return seconds < 5400
        ? Math.round(seconds / 60.0) + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
  }

  /** Bytes in words. */
  public static String bytes(long bytes) {
    return bytes < 1_000_000_000L
        ? Math.round(bytes / 1e6) + " MB"
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
