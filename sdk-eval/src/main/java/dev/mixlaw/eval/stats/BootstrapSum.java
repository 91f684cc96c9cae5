package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A sum over all documents, together with the sum over each bootstrap resample. Only {@link #add}
 * modifies an instance.
 */
public final class BootstrapSum {
  private double value;
  private final double[] draws;

  private BootstrapSum(double value, double[] draws) {
    this.value = value;
    this.draws = draws;
  }

  /** Returns a constant, which is the same in every resample. */
  public static BootstrapSum constant(double value, int resamples) {
    double[] draws = new double[resamples];
    Arrays.fill(draws, value);
    return new BootstrapSum(value, draws);
  }

  public static BootstrapSum of(DocumentBootstrap bootstrap, List<Double> documents) {
    return ofRuns(bootstrap, List.of(documents)).get(0);
  }

  /** Returns the sum for each of several runs on the same documents. */
  public static List<BootstrapSum> ofRuns(DocumentBootstrap bootstrap, List<List<Double>> runs) {
    double[][] each =
        runs.stream()
            .map(documents -> documents.stream().mapToDouble(d -> d).toArray())
            .toArray(double[][]::new);
    double[][] draws = bootstrap.sums(each);
    return IntStream.range(0, each.length)
        .mapToObj(i -> new BootstrapSum(DoubleStream.of(each[i]).sum(), draws[i]))
        .toList();
  }

  /** Adds the product of a weight and another sum. */
  public void add(BootstrapSum other, double weight) {
    value += weight * other.value;
    for (int r = 0; r < draws.length; r++) {
      draws[r] += weight * other.draws[r];
    }
  }

  /**
   * Returns the ratio of this sum to another sum. A resample that has only empty documents has a
   * divisor of 0; it gets the ratio over all documents.
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

  /** Returns the sum over each resample. The array must not be modified. */
  public double[] draws() {
    return draws;
  }

  public Estimate estimate() {
    return new Estimate(value, Quantiles.interval95(draws));
  }
}
