package dev.mixlaw.samples;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

final class TableOptions {
  private static final Map<String, LossUnit> UNITS =
      Map.of("nats", LossUnit.NATS_PER_TOKEN, "bpb", LossUnit.BITS_PER_BYTE);

  @Option(
      names = "--csv",
      required = true,
      description =
          "table with a header and one run per row; .jsonl is read as JSON Lines, and .gz is"
              + " decompressed")
  private Path csv = Path.of("");

  @Option(
      names = "--unit",
      description =
          "unit of the losses: nats (per token) or bpb (bits per byte); default: nats, with a"
              + " warning")
  private @Nullable String unit;

  @Option(
      names = "--where",
      description =
          "condition for the rows to keep: COLUMN=VALUE or VALUE|VALUE, or with != < <= > >=;"
              + " flops is"
              + " 6·N·D unless the table has such a column; if repeated, all must be met")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--cluster",
      description =
          "column that identifies the training run of a checkpoint; rows from one run are not"
              + " independent (default: every row is a run)")
  private @Nullable String cluster;

  @Option(
      names = "--weight",
      description = "column with the weight of each row in law fits, such as its number of seeds")
  private @Nullable String weight;

  @Option(
      names = "--skip-empty",
      description = "skip rows with an empty cell, and report their number")
  private boolean skipEmpty;

  @Option(names = "--decimal-comma", description = "numbers have a decimal comma, such as 2,34")
  private boolean decimalComma;

  void check(OptionProblems problems) {
    where.forEach(c -> problems.attempt("--where", () -> LossTable.file(csv).where(c)));
    if (unit != null) {
      problems.choice("--unit", unit, UNITS);
    }
  }

  String name() {
    return String.valueOf(csv.getFileName());
  }

  Optional<LossUnit> unit() {
    return Optional.ofNullable(unit).map(UNITS::get);
  }

  LossTable table() {
    LossTable table = LossTable.file(csv);
    for (String condition : where) {
      table = table.where(condition);
    }
    table = cluster == null ? table : table.cluster(cluster);
    table = weight == null ? table : table.weight(weight);
    table = skipEmpty ? table.skipEmpty() : table;
    return decimalComma ? table.decimalComma() : table;
  }
}
