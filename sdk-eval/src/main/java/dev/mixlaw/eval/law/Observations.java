package dev.mixlaw.eval.law;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An immutable list of measured losses, with the inputs of each run. */
public final class Observations {
  private final List<String> inputs;
  private final List<Observation> rows;

  private Observations(List<String> inputs, List<Observation> rows) {
    this.inputs = inputs;
    this.rows = rows;
  }

  /**
   * A measured loss.
   *
   * @param label name of the row in messages, such as the name of a run or a line number
   * @param inputs values in the order of {@link Observations#inputs()}; the array must not be
   *     modified
   * @param loss loss above 0, in nats per token or bits per byte
   * @param weight weight of this observation in a fit, above 0, such as the number of seeds that
   *     were averaged
   * @param cluster training run to which a checkpoint belongs; empty if this observation is
   *     independent of all others
   */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  public record Observation(
      String label, double[] inputs, double loss, double weight, Optional<String> cluster) {
    /** Creates an independent observation with a weight of 1. */
    public Observation(String label, double[] inputs, double loss) {
      this(label, inputs, loss, 1, Optional.empty());
    }
  }

  /**
   * Returns observations. Input values must be finite and at least 0. Losses and weights must be
   * finite and above 0.
   *
   * @param inputs names of the inputs, in the order of the values of each row
   * @throws IllegalArgumentException if a row does not have one value for each input
   * @throws MixlawException if a value is invalid; the exception lists all invalid values
   */
  public static Observations of(List<String> inputs, List<Observation> rows) {
    List<Problem> problems = new ArrayList<>();
    List<Observation> copies = new ArrayList<>();
    for (Observation row : rows) {
      double[] values = row.inputs().clone();
      if (values.length != inputs.size()) {
        throw new IllegalArgumentException(
            "%s: %s values; expected one for each of the inputs %s"
                .formatted(row.label(), values.length, inputs));
      }
      check(problems, row, "loss", row.loss(), true);
      check(problems, row, "weight", row.weight(), true);
      for (int k = 0; k < values.length; k++) {
        check(problems, row, inputs.get(k), values[k], false);
      }
      copies.add(new Observation(row.label(), values, row.loss(), row.weight(), row.cluster()));
    }
    MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
    return new Observations(List.copyOf(inputs), List.copyOf(copies));
  }

  private static void check(
      List<Problem> problems, Observation row, String column, double value, boolean positive) {
    if (!(positive ? value > 0 : value >= 0) || Double.isInfinite(value)) {
      problems.add(
          new Problem(
              row.label() + ", " + column,
              Double.toString(value),
              positive ? "a finite number above 0" : "a finite number of at least 0",
              "correct the data, or exclude the row with a filter"));
    }
  }

  /** Returns losses at different numbers of training tokens, for {@link LawForms#DATA}. */
  public static Observations overTokens(double[] tokens, double[] losses) {
    return column(Input.D, tokens, losses);
  }

  /** Returns losses at different numbers of parameters, for {@link LawForms#MODEL}. */
  public static Observations overParams(double[] params, double[] losses) {
    return column(Input.N, params, losses);
  }

  private static Observations column(String name, double[] values, double[] losses) {
    if (values.length != losses.length) {
      throw new IllegalArgumentException(
          "%s values of %s and %s losses; expected equal numbers of both"
              .formatted(values.length, name, losses.length));
    }
    return of(
        List.of(name),
        IntStream.range(0, values.length)
            .mapToObj(i -> new Observation("row " + (i + 1), new double[] {values[i]}, losses[i]))
            .toList());
  }

  /** Returns the names of the inputs, in the order of the input values. */
  public List<String> inputs() {
    return inputs;
  }

  /** Returns the number of rows. */
  public int size() {
    return rows.size();
  }

  /** Returns all rows. */
  public List<Observation> rows() {
    return rows;
  }

  /** Returns the row at an index, from 0. */
  public Observation get(int row) {
    return rows.get(row);
  }

  /** Returns the losses of all rows. */
  public double[] losses() {
    return rows.stream().mapToDouble(Observation::loss).toArray();
  }

  /**
   * Returns the values of one input in all rows.
   *
   * @throws IllegalArgumentException if there is no input of this name
   */
  public double[] column(String input) {
    int k = position(input);
    return rows.stream().mapToDouble(r -> r.inputs()[k]).toArray();
  }

  /**
   * Returns the value of an input in a row.
   *
   * @throws IllegalArgumentException if there is no input of this name
   */
  public double input(Observation row, String input) {
    return row.inputs()[position(input)];
  }

  private int position(String input) {
    int k = inputs.indexOf(input);
    if (k < 0) {
      throw new IllegalArgumentException(
          "input " + input + " is unknown; expected one of " + inputs);
    }
    return k;
  }

  /**
   * Returns the indices of the rows in each independent unit, in order of first appearance. A unit
   * is a cluster, or a row without a cluster.
   */
  public List<int[]> clusters() {
    Map<Object, List<Integer>> units = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Object unit = rows.get(i).cluster().isPresent() ? rows.get(i).cluster() : i;
      units.computeIfAbsent(unit, u -> new ArrayList<>()).add(i);
    }
    return units.values().stream()
        .map(unit -> unit.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** Returns the rows that satisfy a condition. */
  public Observations where(Predicate<Observation> test) {
    return new Observations(inputs, rows.stream().filter(test).toList());
  }

  /**
   * Returns a predicate that selects the rows with the largest value of an input, for example to
   * hold them out.
   *
   * @throws IllegalArgumentException if there is no input of this name
   */
  public Predicate<Observation> largest(String input) {
    int k = position(input);
    double most = Arrays.stream(column(input)).max().orElse(Double.NaN);
    return row -> row.inputs()[k] == most;
  }

  /**
   * Returns the observations without the rows that have the highest losses, which some published
   * fits exclude.
   *
   * @param number number of rows to omit
   */
  public Observations dropHighest(int number) {
    Set<Observation> highest =
        rows.stream()
            .sorted(Comparator.comparingDouble(Observation::loss).reversed())
            .limit(number)
            .collect(
                Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
    return where(row -> !highest.contains(row));
  }

  /**
   * Returns the row with the lowest loss at each input point, such as the run with the best
   * learning rate for each N and D. The lowest of several noisy losses is biased downward.
   */
  public Observations lowestOfEachPoint() {
    Map<List<Double>, Observation> lowest = new LinkedHashMap<>();
    for (Observation row : rows) {
      lowest.merge(
          Arrays.stream(row.inputs()).boxed().toList(), row, (a, b) -> b.loss() < a.loss() ? b : a);
    }
    return new Observations(inputs, List.copyOf(lowest.values()));
  }
}
