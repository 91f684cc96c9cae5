package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A sum over documents: of all of them, and of each resample. Changed by {@link #add} alone. */
public final class BootstrapSum {
  private double value;
  private final double[] draws;

  private BootstrapSum(double value, double[] draws) {
    this.value = value;
    this.draws = draws;
  }

  public static BootstrapSum zero(int resamples) {
    return new BootstrapSum(0, new double[resamples]);
  }

  /** The sum of what each document has. */
  public static <T> BootstrapSum of(
      DocumentBootstrap bootstrap, List<T> documents, ToDoubleFunction<T> amount) {
    double[] each = documents.stream().mapToDouble(amount).toArray();
    double sum = 0;
    for (double x : each) {
      sum += x;
    }
    return new BootstrapSum(sum, bootstrap.sums(each));
  }

  /** Adds another, weighted. */
  public void add(BootstrapSum other, double weight) {
    value += weight * other.value;
    for (int r = 0; r < draws.length; r++) {
      draws[r] += weight * other.draws[r];
    }
  }

  /**
   * The ratio of two sums. A resample that drew nothing to divide by (only empty documents) takes
   * the ratio of all documents.
   */
  public BootstrapSum over(BootstrapSum below) {
    double ratio = value / below.value;
    double[] ratios = new double[draws.length];
    for (int r = 0; r < ratios.length; r++) {
      ratios[r] = below.draws[r] > 0 ? draws[r] / below.draws[r] : ratio;
    }
    return new BootstrapSum(ratio, ratios);
  }

  public double value() {
    return value;
  }

  /** By resample; not to be changed. */
  public double[] draws() {
    return draws;
  }

  public Estimate estimate() {
    return new Estimate(value, Quantiles.interval95(draws));
  }
}
