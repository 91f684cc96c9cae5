package dev.mixlaw.eval.law;

/** What a fit is made to: features, measured losses and weights of observations. */
final class FitData {
  final int count;
  final double[][] features;
  final double[] losses;

  /** Of the residuals: ln loss, or the loss. */
  final double[] targets;

  final double[] weights;

  /** Position of each row among those it was drawn from. */
  final int[] origin;

  public FitData(double[][] features, double[] losses, double[] weights, Objective objective) {
    this.count = losses.length;
    this.features = features;
    this.losses = losses;
    this.weights = weights;
    this.origin = java.util.stream.IntStream.range(0, count).toArray();
    this.targets = new double[count];
    for (int i = 0; i < count; i++) {
      targets[i] = objective == Objective.HUBER_LOG ? Math.log(losses[i]) : losses[i];
    }
  }

  private FitData(
      double[][] features, double[] losses, double[] targets, double[] weights, int[] origin) {
    this.origin = origin;
    this.count = losses.length;
    this.features = features;
    this.losses = losses;
    this.targets = targets;
    this.weights = weights;
  }

  /** The rows drawn at least once, each with its weight times how often. */
  FitData drawn(int[] times) {
    int n = 0;
    for (int t : times) {
      n += t > 0 ? 1 : 0;
    }
    double[][] f = new double[n][];
    double[] l = new double[n];
    double[] t = new double[n];
    double[] w = new double[n];
    int[] o = new int[n];
    int k = 0;
    for (int i = 0; i < count; i++) {
      if (times[i] > 0) {
        f[k] = features[i];
        l[k] = losses[i];
        t[k] = targets[i];
        w[k] = weights[i] * times[i];
        o[k] = i;
        k++;
      }
    }
    return new FitData(f, l, t, w, o);
  }

  FitData withLosses(double[] other, Objective objective) {
    return new FitData(features, other, weights, objective);
  }

  /** Without some rows. */
  FitData without(int... left) {
    int[] times = new int[count];
    java.util.Arrays.fill(times, 1);
    for (int row : left) {
      times[row] = 0;
    }
    return drawn(times);
  }
}
