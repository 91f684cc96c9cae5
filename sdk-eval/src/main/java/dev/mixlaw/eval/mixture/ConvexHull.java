package dev.mixlaw.eval.mixture;

import java.util.Arrays;

/**
 * Computes the distance of a mixture from the convex hull of the measured mixtures, using the
 * Frank–Wolfe method with pairwise steps (Lacoste-Julien and Jaggi 2015).
 */
final class ConvexHull {
  private static final int STEPS = 20_000;

  private ConvexHull() {}

  /**
   * Returns the Euclidean distance from a point to the convex hull, accurate to a tenth of the
   * tolerance.
   */
  static double distance(double[][] points, double[] target, double tolerance) {
    int n = points.length;
    double[] weight = new double[n];
    int start = nearest(points, target);
    weight[start] = 1;
    double[] gap = minus(points[start], target); // the current combination minus the target
    for (int step = 0; step < STEPS; step++) {
      int toward = -1;
      int away = -1;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        double slope = dot(gap, points[i]);
        if (slope < least) {
          least = slope;
          toward = i;
        }
        if (weight[i] > 0 && slope > most) {
          most = slope;
          away = i;
        }
      }
      double size = Math.sqrt(dot(gap, gap));
      double promise = dot(gap, gap) + dot(gap, target) - least; // bound on the remaining gain
      if (size < tolerance / 10 || promise <= tolerance / 10 * size || toward == away) {
        break;
      }
      double[] direction = minus(points[toward], points[away]);
      double length = Math.min(weight[away], (most - least) / dot(direction, direction));
      weight[toward] += length;
      weight[away] -= length;
      for (int j = 0; j < gap.length; j++) {
        gap[j] += length * direction[j];
      }
    }
    return Math.sqrt(dot(gap, gap));
  }

  private static int nearest(double[][] points, double[] target) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points.length; i++) {
      double[] d = minus(points[i], target);
      if (dot(d, d) < least) {
        least = dot(d, d);
        best = i;
      }
    }
    return best;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] d = a.clone();
    Arrays.setAll(d, j -> a[j] - b[j]);
    return d;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
