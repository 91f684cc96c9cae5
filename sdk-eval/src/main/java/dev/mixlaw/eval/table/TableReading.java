package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.table.internal.TableRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a table in one pass, checks every requested cell and collects all problems. */
final class TableReading {
  private static final int MAX_PROBLEMS = 20;

  /** Largest deviation of a sum of shares from 1 that is normalized. */
  private static final double SHARE_TOLERANCE = 0.01;

  private final TableRows rows;
  private final Wanted wanted;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();

  /** Line of each kept row, by a hash of its text. */
  private final Map<Long, String> seen = new HashMap<>();

  private long kept;
  private long leftOut;
  private long renormalized;

  private record Group(Observations.Builder builder, Set<String> heldOut) {}

  TableReading(TableRows rows, Wanted wanted) {
    this.rows = rows;
    this.wanted = wanted;
  }

  Map<String, LossTable.Content> read() {
    checkDescription();
    while (rows.next()) {
      if (meets(wanted.conditions)) {
        keep();
      } else {
        leftOut++;
      }
      if (problems.size() >= MAX_PROBLEMS) {
        break;
      }
    }
    throwProblems();
    if (kept == 0) {
      problems.add(
          new Problem(
              "the table",
              leftOut == 0 ? "no rows" : "none of " + leftOut + " rows meets " + wanted.conditions,
              "at least one row",
              "the file or the conditions"));
      throwProblems();
    }
    return conclude();
  }

  private Map<String, LossTable.Content> conclude() {
    List<String> warnings = new ArrayList<>();
    if (wanted.unit.isEmpty()) {
      warnings.add("the unit of " + wanted.loss + " is not given; nats per token is assumed");
    }
    if (renormalized > 0) {
      warnings.add(
          "the shares of "
              + renormalized
              + " rows summed to within 1 % of 1; they were normalized to sum to 1");
    }
    Map<String, LossTable.Content> contents = new LinkedHashMap<>();
    groups.forEach(
        (name, group) ->
            contents.put(
                name,
                new LossTable.Content(
                    group.builder.build(),
                    wanted.unit.orElse(LossUnit.NATS_PER_TOKEN),
                    group.heldOut,
                    leftOut,
                    warnings)));
    return contents;
  }

  private void checkDescription() {
    boolean added = wanted.inputs.keySet().stream().anyMatch(i -> i.name().equals(Input.SYNTHETIC));
    if (!wanted.shares.isEmpty() && added) {
      problems.add(
          new Problem(
              "columns " + wanted.shares.values() + " and " + wanted.inputs.values(),
              "shares of a fixed total and an amount added to a human budget at once",
              "one of the two: they are different experiments",
              "LossTable.share or LossTable.added"));
    }
    rows.columns().ifPresent(this::checkColumns);
    throwProblems();
  }

  private void checkColumns(List<String> columns) {
    wanted
        .columns()
        .forEach(
            (column, use) -> {
              if (!columns.contains(column)) {
                problems.add(
                    new Problem(
                        "column " + column + " (" + use + ")",
                        "not in " + rows.file(),
                        "one of " + columns,
                        "the column's name"));
              }
            });
  }

  private boolean meets(List<Condition> conditions) {
    for (Condition condition : conditions) {
      Optional<String> cell = cell(condition.column());
      try {
        if (cell.isEmpty() || !condition.test(cell.get())) {
          return false;
        }
      } catch (NumberFormatException e) {
        wrong(condition.column(), "\"" + cell.get() + "\"", "a number, for " + condition);
        return false;
      }
    }
    return true;
  }

  private void keep() {
    int before = problems.size();
    double loss = number(wanted.loss, false);
    double[] values = new double[wanted.inputs.size() + wanted.shares.size()];
    int k = 0;
    for (Map.Entry<Input, String> input : wanted.inputs.entrySet()) {
      values[k++] = number(input.getValue(), !input.getKey().positive());
    }
    for (String column : wanted.shares.values()) {
      values[k++] = number(column, true);
    }
    if (problems.size() == before) {
      checkShares(values);
    }
    String text = rows.text();
    long hash = ((long) text.hashCode() << 32) ^ (scrambled(text) & 0xffffffffL);
    String first = seen.putIfAbsent(hash, rows.place());
    if (first != null) {
      problems.add(
          new Problem(
              rows.place(),
              "the same as " + first + " in every column",
              "rows that differ in at least one column, such as the seed",
              "the file"));
    }
    if (problems.size() > before) {
      return;
    }
    if (++kept > LossTable.MAX_KEPT) {
      wrong(
          "all", "more than " + LossTable.MAX_KEPT + " rows kept", "a condition that keeps fewer");
      throwProblems();
    }
    String name = wanted.group.flatMap(this::cell).orElse("");
    Group group =
        groups.computeIfAbsent(
            name, n -> new Group(Observations.of(wanted.inputNames()), new LinkedHashSet<>()));
    group.builder.add(rows.place(), loss, values);
    if (!wanted.heldOut.isEmpty() && meets(wanted.heldOut)) {
      group.heldOut.add(rows.place());
    }
  }

  /** Normalizes shares whose sum is close to 1. */
  private void checkShares(double[] values) {
    double sum = 0;
    for (int j = wanted.inputs.size(); j < values.length; j++) {
      sum += values[j];
    }
    if (wanted.shares.size() == 1 && sum > 1) {
      wrong(wanted.shares.values().iterator().next(), Double.toString(sum), "from 0 to 1");
    } else if (wanted.shares.size() > 1 && Math.abs(sum - 1) > SHARE_TOLERANCE) {
      wrong(String.join(" + ", wanted.shares.values()), Double.toString(sum), "1, within 1 %");
    } else if (wanted.shares.size() > 1 && Math.abs(sum - 1) > 1e-12) {
      renormalized++;
      for (int j = wanted.inputs.size(); j < values.length; j++) {
        values[j] /= sum;
      }
    }
  }

  private static int scrambled(String text) {
    int hash = 17;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x01000193;
    }
    return hash;
  }

  private Optional<String> cell(String column) {
    return Optional.ofNullable(rows.cell(column)).map(String::strip);
  }

  /** Returns a number of the row, or 0 after adding a problem. */
  private double number(String column, boolean zeroAllowed) {
    String cell = cell(column).orElse("");
    String text = wanted.decimalComma ? cell.replace(',', '.') : cell;
    double value;
    try {
      value = new BigDecimal(text).doubleValue();
    } catch (NumberFormatException e) {
      boolean comma = !wanted.decimalComma && cell.indexOf(',') >= 0;
      wrong(
          column,
          cell.isEmpty() ? "empty" : "\"" + cell + "\"",
          comma ? "a number with a decimal point, or LossTable.decimalComma" : "a finite number");
      return 0;
    }
    if (Double.isInfinite(value) || value < 0 || (value == 0 && !zeroAllowed)) {
      wrong(column, cell, zeroAllowed ? "finite and not below 0" : "finite and above 0");
      return 0;
    }
    return value;
  }

  private void wrong(String column, String actual, String allowed) {
    problems.add(
        new Problem(
            rows.place() + ", column " + column,
            actual,
            allowed,
            "the file, or a condition that leaves the row out"));
  }

  private void throwProblems() {
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
  }
}
