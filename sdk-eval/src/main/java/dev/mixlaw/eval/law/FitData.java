package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The features, losses and weights of observations in the format of the solver. */
final class FitData {
  final int count;
  final double[][] features;
  final double[] losses;

  /** Losses or their logarithms, depending on the objective. */
  final double[] targets;

  final double[] weights;

  /** Index of each row in the data from which it was resampled. */
  final int[] origin;

  /**
   * Indices of the rows of each independent unit, which is a run with its checkpoints or a single
   * row. The list is empty if all rows are independent.
   */
  final List<int[]> units;

  private FitData(
      double[][] features,
      double[] losses,
      double[] targets,
      double[] weights,
      int[] origin,
      List<int[]> units) {
    this.count = losses.length;
    this.features = features;
    this.losses = losses;
    this.targets = targets;
    this.weights = weights;
    this.origin = origin;
    this.units = units;
  }

  static FitData of(LawForm form, Observations observations, Criterion criterion) {
    double[][] features =
        Arrays.stream(inputs(form, observations)).map(form::features).toArray(double[][]::new);
    double[] weights = observations.rows().stream().mapToDouble(o -> o.weight()).toArray();
    double[] losses = observations.losses();
    return new FitData(
        features,
        losses,
        criterion.targets(losses),
        weights,
        IntStream.range(0, losses.length).toArray(),
        units(observations));
  }

  private static List<int[]> units(Observations observations) {
    List<int[]> units = observations.clusters();
    return units.size() < observations.size() ? units : List.of();
  }

  double[] predicted(LawForm form, double[] parameters) {
    double[] gradient = new double[parameters.length];
    return Arrays.stream(features)
        .mapToDouble(row -> form.evaluate(parameters, row, gradient))
        .toArray();
  }

  /** Returns predicted minus measured values, logarithmic if the criterion is. */
  double[] residuals(LawForm form, double[] parameters, Criterion criterion) {
    double[] predicted = criterion.targets(predicted(form, parameters));
    Arrays.setAll(predicted, i -> predicted[i] - targets[i]);
    return predicted;
  }

  int unitCount() {
    return units.isEmpty() ? count : units.size();
  }

  static double[][] inputs(LawForm form, Observations observations) {
    int[] at =
        form.inputs().stream().mapToInt(i -> observations.inputs().indexOf(i.name())).toArray();
    return observations.rows().stream()
        .map(row -> Arrays.stream(at).mapToDouble(k -> row.inputs()[k]).toArray())
        .toArray(double[][]::new);
  }

  /**
   * Returns the rows that were drawn at least once. Each weight is multiplied by the number of
   * draws.
   */
  FitData drawn(int[] times) {
    int[] rows = IntStream.range(0, count).filter(i -> times[i] > 0).toArray();
    return new FitData(
        Arrays.stream(rows).mapToObj(i -> features[i]).toArray(double[][]::new),
        Arrays.stream(rows).mapToDouble(i -> losses[i]).toArray(),
        Arrays.stream(rows).mapToDouble(i -> targets[i]).toArray(),
        Arrays.stream(rows).mapToDouble(i -> weights[i] * times[i]).toArray(),
        rows,
        List.of());
  }

  FitData every(int step) {
    return drawn(IntStream.range(0, count).map(i -> i % step == 0 ? 1 : 0).toArray());
  }

  /**
   * Draws independent units with replacement, as many as there are, and returns the number of draws
   * of each row.
   */
  int[] draw(RandomGenerator random) {
    int[] times = new int[count];
    if (units.isEmpty()) {
      for (int i = 0; i < count; i++) {
        times[random.nextInt(count)]++;
      }
    }
    for (int i = 0; i < units.size(); i++) {
      for (int row : units.get(random.nextInt(units.size()))) {
        times[row]++;
      }
    }
    return times;
  }

  FitData withLosses(double[] other, Criterion criterion) {
    return new FitData(features, other, criterion.targets(other), weights, origin, units);
  }

  FitData without(int... left) {
    return drawn(
        IntStream.range(0, count)
            .map(i -> Arrays.stream(left).anyMatch(l -> l == i) ? 0 : 1)
            .toArray());
  }
}
