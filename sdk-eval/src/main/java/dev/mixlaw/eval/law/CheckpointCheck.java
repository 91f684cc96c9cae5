package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Detects rows that look like checkpoints of one run although no column identifies their run. Such
 * rows differ only in tokens and have correlated residuals.
 */
final class CheckpointCheck {
  private static final int FEWEST = 4;

  /**
   * Correlation between residuals at adjacent token counts above which rows are probably
   * checkpoints of one run. Independent rows rarely exceed it.
   */
  private static final double ALIKE = 0.5;

  private CheckpointCheck() {}

  static Optional<String> warning(Observations rows, double[] residuals) {
    int d = rows.inputs().indexOf(Input.D);
    if (d < 0 || rows.rows().stream().anyMatch(row -> row.cluster().isPresent())) {
      return Optional.empty();
    }
    Map<List<Double>, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      List<Double> key = new ArrayList<>(Arrays.stream(rows.get(i).inputs()).boxed().toList());
      key.remove(d);
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    int inGroups = 0;
    int pairs = 0;
    double products = 0;
    double squares = 0;
    for (List<Integer> group : groups.values()) {
      if (group.size() < FEWEST || groups.size() < 2) {
        continue;
      }
      inGroups += group.size();
      group.sort(Comparator.comparingDouble(i -> rows.get(i).inputs()[d]));
      for (int i = 1; i < group.size(); i++) {
        double a = residuals[group.get(i - 1)];
        double b = residuals[group.get(i)];
        products += a * b;
        squares += (a * a + b * b) / 2;
        pairs++;
      }
    }
    double correlation = squares > 0 ? products / squares : 0;
    if (2 * inGroups < rows.size() || pairs < 2 * FEWEST || correlation < ALIKE) {
      return Optional.empty();
    }
    return Optional.of(
        Texts.format(
            "%d of %d rows differ from others only in tokens, and the residuals of neighbouring rows are correlated (%.2f), as they are for checkpoints of one run; set the column that names the run as the cluster, because otherwise the intervals are too narrow",
            inGroups, rows.size(), correlation));
  }
}
