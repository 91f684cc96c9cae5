package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.Observations.Observation;
import java.util.ArrayList;
import java.util.List;

/** Collects observations for tests, row by row. */
public final class ObservationsBuilder {
  private final List<String> inputs;
  private final List<Observation> rows = new ArrayList<>();

  private ObservationsBuilder(List<String> inputs) {
    this.inputs = inputs;
  }

  /** Returns a builder without rows. */
  public static ObservationsBuilder of(String... inputs) {
    return new ObservationsBuilder(List.of(inputs));
  }

  /** Adds a row, whose label is its number, from 1. */
  public ObservationsBuilder add(double loss, double... values) {
    return add("row " + (rows.size() + 1), loss, values);
  }

  /** Adds a row with a label. */
  public ObservationsBuilder add(String label, double loss, double... values) {
    return add(new Observation(label, values.clone(), loss));
  }

  /** Adds a row. */
  public ObservationsBuilder add(Observation row) {
    rows.add(row);
    return this;
  }

  /** Returns the observations. */
  public Observations build() {
    return Observations.of(inputs, rows);
  }
}
