package dev.mixlaw.eval.table;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The columns and conditions of a {@link LossTable}. */
final class Wanted {
  /** Column of each input, in the order of the observations' inputs; shares follow. */
  final Map<Input, String> inputs = new LinkedHashMap<>();

  final Map<Input, String> shares = new LinkedHashMap<>();
  String loss = "loss";
  Optional<LossUnit> unit = Optional.empty();
  final List<Condition> conditions = new ArrayList<>();
  final List<Condition> heldOut = new ArrayList<>();
  Optional<String> group = Optional.empty();
  boolean decimalComma;

  Wanted() {}

  Wanted(Wanted other) {
    inputs.putAll(other.inputs);
    shares.putAll(other.shares);
    loss = other.loss;
    unit = other.unit;
    conditions.addAll(other.conditions);
    heldOut.addAll(other.heldOut);
    group = other.group;
    decimalComma = other.decimalComma;
  }

  /** Returns every requested column with its purpose. */
  Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    inputs.forEach(
        (input, column) -> columns.putIfAbsent(column, input.name() + ", " + input.unit()));
    shares.forEach((input, column) -> columns.putIfAbsent(column, input.unit()));
    columns.putIfAbsent(loss, "the loss");
    Stream.of(conditions, heldOut)
        .flatMap(List::stream)
        .forEach(c -> columns.putIfAbsent(c.column(), "condition " + c));
    group.ifPresent(g -> columns.putIfAbsent(g, "a table for each of its values"));
    return columns;
  }

  String[] inputNames() {
    return Stream.of(inputs, shares)
        .flatMap(m -> m.keySet().stream())
        .map(Input::name)
        .toArray(String[]::new);
  }
}
