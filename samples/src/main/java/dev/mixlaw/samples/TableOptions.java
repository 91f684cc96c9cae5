package dev.mixlaw.samples;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class TableOptions {
  private static final Map<String, LossUnit> UNITS =
      Map.of("nats", LossUnit.NATS_PER_TOKEN, "bpb", LossUnit.BITS_PER_BYTE);

  @Option(
      names = "--csv",
      required = true,
      description =
          "table with a header and one run per row; .jsonl is read as JSON Lines, and .gz is decompressed")
  private Path csv = Path.of("");

  @Option(
      names = "--unit",
      description =
          "unit of the losses: nats (per token) or bpb (bits per byte); default: nats, with a warning")
  private @Nullable String unit;

  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--decimal-comma", description = "numbers have a decimal comma, such as 2,34")
  private boolean decimalComma;

  void check(OptionProblems problems) {
    rows.check(problems);
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
    LossTable table = rows.filter(rows.describe(LossTable.file(csv)));
    return decimalComma ? table.decimalComma() : table;
  }
}
