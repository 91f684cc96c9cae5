package dev.mixlaw.api.rounds;

import dev.mixlaw.api.PlanTable;
import dev.mixlaw.api.internal.Quantity;
import dev.mixlaw.api.rounds.RoundsPlan.PlannedModel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes a plan of rounds for people. */
final class RoundsTable {
  private RoundsTable() {}

  static String of(RoundsPlan plan) {
    StringBuilder out = new StringBuilder();
    long done = plan.models().stream().filter(PlannedModel::done).count();
    out.append(
        String.format(
            Locale.ROOT,
            "rounds %s: %d models (%d done), %s tokens to train on, %s to write, %.3g FLOPs, about"
                + " %s, at most %s of memory, %s on the disk%n",
            plan.round0().study(),
            plan.models().size(),
            done,
            Quantity.format(plan.trainedTokens()),
            Quantity.format(plan.writtenTokens()),
            plan.exactFlops(),
            PlanTable.time(plan.estimatedTime().toSeconds()),
            PlanTable.bytes(plan.memoryBytes()),
            PlanTable.bytes(plan.diskBytes())));
    out.append(
        String.format(
            Locale.ROOT,
            "engine %s on %s, %d at once, %d threads each: %s%n",
            plan.round0().engine(),
            plan.round0().device(),
            plan.round0().workers(),
            plan.round0().threadsPerWorker(),
            plan.round0().layoutReason()));
    out.append(
        String.format(
            Locale.ROOT,
            "%-22s %5s %6s %9s %8s %8s%n",
            "strategy",
            "round",
            "seeds",
            "tokens",
            "repeats",
            "writes"));
    Map<String, Integer> rows = new LinkedHashMap<>();
    for (PlannedModel m : plan.models()) {
      String row =
          String.format(
              Locale.ROOT,
              "%-22s %5d %%6d %9s %8s %8s%%n",
              m.key().strategy().map(Strategy::toString).orElse("natural text"),
              m.key().round(),
              m.budget(),
              String.format(Locale.ROOT, "×%.2g", m.repeats()),
              m.writes());
      rows.merge(row, 1, Integer::sum);
    }
    rows.forEach((row, seeds) -> out.append(String.format(Locale.ROOT, row, seeds)));
    plan.round0()
        .warnings()
        .forEach(w -> out.append("warning: ").append(w).append(System.lineSeparator()));
    return out.toString();
  }
}
