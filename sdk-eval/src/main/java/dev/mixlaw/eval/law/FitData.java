package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Features, measured losses and weights of observations, as the solver needs them. */
final class FitData {
  final int count;
  final double[][] features;
  final double[] losses;

  /** The values that residuals are computed from: ln loss or loss, by the objective. */
  final double[] targets;

  final double[] weights;

  /** Position of each row in the data it was resampled from. */
  final int[] origin;

  private FitData(
      double[][] features, double[] losses, double[] targets, double[] weights, int[] origin) {
    this.count = losses.length;
    this.features = features;
    this.losses = losses;
    this.targets = targets;
    this.weights = weights;
    this.origin = origin;
  }

  /** Returns the data of observations, all with weight 1. */
  static FitData of(LawForm form, Observations observations, Criterion criterion) {
    double[][] features =
        Arrays.stream(inputs(form, observations)).map(form::features).toArray(double[][]::new);
    double[] weights = new double[features.length];
    Arrays.fill(weights, 1);
    return of(features, observations.losses(), weights, criterion);
  }

  private static FitData of(
      double[][] features, double[] losses, double[] weights, Criterion criterion) {
    double[] targets =
        criterion.logarithmic() ? Arrays.stream(losses).map(Math::log).toArray() : losses;
    return new FitData(
        features, losses, targets, weights, IntStream.range(0, losses.length).toArray());
  }

  /** Returns the inputs of all observations, in the form's order. */
  static double[][] inputs(LawForm form, Observations observations) {
    int[] at =
        form.inputs().stream().mapToInt(i -> observations.inputs().indexOf(i.name())).toArray();
    return observations.rows().stream()
        .map(row -> Arrays.stream(at).mapToDouble(k -> row.inputs()[k]).toArray())
        .toArray(double[][]::new);
  }

  /**
   * Returns the rows that were drawn at least once, with their weights times the number of draws.
   */
  FitData drawn(int[] times) {
    int[] rows = IntStream.range(0, count).filter(i -> times[i] > 0).toArray();
    return new FitData(
        Arrays.stream(rows).mapToObj(i -> features[i]).toArray(double[][]::new),
        Arrays.stream(rows).mapToDouble(i -> losses[i]).toArray(),
        Arrays.stream(rows).mapToDouble(i -> targets[i]).toArray(),
        Arrays.stream(rows).mapToDouble(i -> weights[i] * times[i]).toArray(),
        rows);
  }

  /** Returns one row of several, from the first one on. */
  FitData every(int step) {
    int[] times = new int[count];
    for (int i = 0; i < count; i += step) {
      times[i] = 1;
    }
    return drawn(times);
  }

  /** Draws as many rows as there are with replacement. Returns how often each was drawn. */
  int[] draw(RandomGenerator random) {
    int[] times = new int[count];
    for (int i = 0; i < count; i++) {
      times[random.nextInt(count)]++;
    }
    return times;
  }

  /** Returns the same rows with other losses. */
  FitData withLosses(double[] other, Criterion criterion) {
    return of(features, other, weights, criterion);
  }

  /** Returns the data without some rows. */
  FitData without(int... left) {
    int[] times = new int[count];
    Arrays.fill(times, 1);
    for (int row : left) {
      times[row] = 0;
    }
    return drawn(times);
  }
}
