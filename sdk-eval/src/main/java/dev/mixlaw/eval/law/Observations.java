package dev.mixlaw.eval.law;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Measured losses, each with the inputs it was measured at. Immutable. */
public final class Observations {
  private final List<String> inputs;
  private final List<Observation> rows;

  private Observations(List<String> inputs, List<Observation> rows) {
    this.inputs = inputs;
    this.rows = rows;
  }

  /**
   * One measured loss.
   *
   * @param label what an error or an influence calls it, such as a run's name or a line's number
   * @param inputs in the order of {@link Observations#inputs()}; not to be changed
   * @param loss positive, in nats per token or bits per byte
   */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  public record Observation(String label, double[] inputs, double loss) {}

  /** Observations with these inputs, to be added one by one. */
  public static Builder of(String... inputs) {
    return new Builder(List.of(inputs));
  }

  /** Losses at numbers of training tokens, for {@link LawForms#DATA}. */
  public static Observations overTokens(double[] tokens, double[] losses) {
    return column(Input.D, tokens, losses);
  }

  /** Losses at numbers of parameters, for {@link LawForms#MODEL}. */
  public static Observations overParams(double[] params, double[] losses) {
    return column(Input.N, params, losses);
  }

  private static Observations column(String name, double[] values, double[] losses) {
    if (values.length != losses.length) {
      throw new IllegalArgumentException(values.length + " inputs, " + losses.length + " losses");
    }
    Builder builder = of(name);
    for (int i = 0; i < values.length; i++) {
      builder.add(losses[i], values[i]);
    }
    return builder.build();
  }

  public List<String> inputs() {
    return inputs;
  }

  public int size() {
    return rows.size();
  }

  public List<Observation> rows() {
    return rows;
  }

  public Observation get(int row) {
    return rows.get(row);
  }

  public double[] losses() {
    return rows.stream().mapToDouble(Observation::loss).toArray();
  }

  /**
   * One input of all rows.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  public double[] column(String input) {
    int k = position(input);
    return rows.stream().mapToDouble(r -> r.inputs()[k]).toArray();
  }

  /**
   * An input of a row by name.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  public double input(Observation row, String input) {
    return row.inputs()[position(input)];
  }

  private int position(String input) {
    int k = inputs.indexOf(input);
    if (k < 0) {
      throw new IllegalArgumentException("no input " + input + "; there are " + inputs);
    }
    return k;
  }

  /** The rows that pass. */
  public Observations where(Predicate<Observation> test) {
    return new Observations(inputs, rows.stream().filter(test).toList());
  }

  /**
   * Whether a row is at the largest value of an input, to be held out.
   *
   * @throws IllegalArgumentException if there is no such input
   */
  public Predicate<Observation> largest(String input) {
    int k = position(input);
    double most = Arrays.stream(column(input)).max().orElse(Double.NaN);
    return row -> row.inputs()[k] == most;
  }

  /** Without the rows of the highest losses, as some published fits leave them out. */
  public Observations dropHighest(int number) {
    double[] sorted = losses();
    Arrays.sort(sorted);
    List<Observation> kept = new ArrayList<>(rows);
    for (int i = 0; i < Math.min(number, sorted.length); i++) {
      double highest = sorted[sorted.length - 1 - i];
      for (int k = kept.size() - 1; k >= 0; k--) {
        if (kept.get(k).loss() == highest) {
          kept.remove(k);
          break;
        }
      }
    }
    return new Observations(inputs, List.copyOf(kept));
  }

  /** The same rows with other losses, in row order. */
  public Observations withLosses(double[] losses) {
    if (losses.length != rows.size()) {
      throw new IllegalArgumentException(losses.length + " losses for " + rows.size() + " rows");
    }
    Builder builder = new Builder(inputs);
    for (int i = 0; i < losses.length; i++) {
      builder.add(rows.get(i).label(), losses[i], rows.get(i).inputs());
    }
    return builder.build();
  }

  /** Collects observations. Not for use by several threads. */
  public static final class Builder {
    private final List<String> inputs;
    private final List<Observation> rows = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Builder(List<String> inputs) {
      this.inputs = inputs;
    }

    /** Adds a row that is called by its number, from 1. */
    public Builder add(double loss, double... values) {
      return add("row " + (rows.size() + 1), loss, values);
    }

    /** Adds a row. */
    public Builder add(String label, double loss, double... values) {
      if (values.length != inputs.size()) {
        throw new IllegalArgumentException(
            label + ": " + values.length + " values given for inputs " + inputs);
      }
      check(label, "loss", loss, loss > 0);
      for (int k = 0; k < values.length; k++) {
        check(label, inputs.get(k), values[k], values[k] >= 0);
      }
      rows.add(new Observation(label, values.clone(), loss));
      return this;
    }

    private void check(String label, String column, double value, boolean allowed) {
      if (!allowed || Double.isInfinite(value)) {
        problems.add(
            new Problem(
                label + ", " + column,
                Double.toString(value),
                column.equals("loss") ? "finite and above 0" : "finite and not below 0",
                "the data, or a filter that leaves the row out"));
      }
    }

    /**
     * All rows.
     *
     * @throws MixlawException listing every value that is not a finite positive number
     */
    public Observations build() {
      if (!problems.isEmpty()) {
        throw new MixlawException(MixlawException.Kind.DATA, problems, null);
      }
      return new Observations(inputs, List.copyOf(rows));
    }
  }
}
