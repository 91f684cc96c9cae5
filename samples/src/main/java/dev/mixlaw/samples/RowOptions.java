package dev.mixlaw.samples;

import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that describe the rows of a table of runs. */
final class RowOptions {
  @Option(
      names = "--where",
      description =
          "condition for the rows to keep: COLUMN=VALUE or VALUE|VALUE, or with != < <= > >=; flops is 6·N·D unless the table has such a column; if repeated, all must be met")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--cluster",
      description =
          "column that identifies the training run of a checkpoint; rows from one run are not independent (default: every row is a run)")
  private @Nullable String cluster;

  @Option(
      names = "--weight",
      description = "column with the weight of each row in fits, such as its number of seeds")
  private @Nullable String weight;

  @Option(
      names = "--skip-empty",
      description = "skip rows with an empty cell, and report their number")
  private boolean skipEmpty;

  void check(OptionProblems problems) {
    where.forEach(c -> problems.attempt("--where", () -> LossTable.csv(Path.of("")).where(c)));
  }

  /** Adds the conditions to the description of a table. */
  LossTable filter(LossTable table) {
    LossTable filtered = table;
    for (String condition : where) {
      filtered = filtered.where(condition);
    }
    return filtered;
  }

  /** Adds the other options to the description of a table. */
  LossTable describe(LossTable table) {
    LossTable described = cluster == null ? table : table.cluster(cluster);
    described = weight == null ? described : described.weight(weight);
    return skipEmpty ? described.skipEmpty() : described;
  }
}
