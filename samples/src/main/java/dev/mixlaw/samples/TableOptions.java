package dev.mixlaw.samples;

import dev.mixlaw.eval.table.Condition;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.api.units.LossUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which file holds losses, which of its rows count and how they are written. */
final class TableOptions {
  private static final Map<String, LossUnit> UNITS =
      Map.of("nats", LossUnit.NATS_PER_TOKEN, "bpb", LossUnit.BITS_PER_BYTE);

  @Option(
      names = "--csv",
      required = true,
      description =
          "the table, with a header, one run a row; lines of JSON if it is a .jsonl; .gz is unpacked")
  private Path csv = Path.of("");

  @Option(
      names = "--unit",
      description =
          "of the losses: nats (a token) or bpb (bits per byte); nats, with a warning, if not said")
  private @Nullable String unit;

  @Option(
      names = "--where",
      description =
          "keep rows that meet a condition: COLUMN=VALUE or VALUE|VALUE, or with != < <= > >=;"
              + " may be repeated, all must be met")
  private List<String> where = new ArrayList<>();

  @Option(names = "--decimal-comma", description = "numbers are written like 2,34")
  private boolean decimalComma;

  void check(Mistakes mistakes) {
    where.forEach(c -> mistakes.attempt("--where", () -> Condition.parse(c)));
    if (unit != null) {
      mistakes.choice("--unit", unit, UNITS);
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
      table = table.where(Condition.parse(condition));
    }
    return decimalComma ? table.decimalComma() : table;
  }
}
