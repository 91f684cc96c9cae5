package dev.mixlaw.api;

import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.internal.Quantity;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
    sizes(plan, out);
    mixtures(plan, out);
    plan.besides().forEach(b -> out.append("also: ").append(b).append(System.lineSeparator()));
    plan.warnings().forEach(w -> out.append("warning: ").append(w).append(System.lineSeparator()));
    return out.toString();
  }

  /** What each model and budget takes: the same for all mixtures. */
  private static void sizes(Plan plan, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "%-12s %9s %9s %8s %7s %8s%n",
            "model",
            "N",
            "tokens",
            "batch",
            "steps",
            "rate"));
    Map<String, PlannedRun> sizes = new LinkedHashMap<>();
    plan.runs()
        .forEach(r -> sizes.putIfAbsent(r.key().model() + '\n' + r.key().budget().count(), r));
    for (PlannedRun run : sizes.values()) {
      out.append(
          String.format(
              Locale.ROOT,
              "%-12s %9s %9s %8d %7d %8.2g%n",
              run.key().model(),
              Quantity.format(run.nonEmbeddingParameters()),
              Quantity.format(run.tokens()),
              run.batchSequences(),
              run.steps(),
              run.learningRate()));
    }
  }

  /** How often each mixture is trained, and how often its longest run sees its texts. */
  private static void mixtures(Plan plan, StringBuilder out) {
    out.append(
        String.format(Locale.ROOT, "%-24s %6s %6s  %s%n", "mixture", "seeds", "runs", "repeats"));
    Map<String, List<PlannedRun>> mixtures =
        plan.runs().stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.key().mixture(), LinkedHashMap::new, Collectors.toList()));
    mixtures.forEach(
        (name, runs) ->
            out.append(
                String.format(
                    Locale.ROOT,
                    "%-24s %6d %6d  %s%n",
                    name,
                    runs.stream().map(r -> r.key().seed()).distinct().count(),
                    runs.size(),
                    repeats(
                        runs.stream()
                            .max(Comparator.comparingLong(PlannedRun::tokens))
                            .orElseThrow()
                            .repeats()))));
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
