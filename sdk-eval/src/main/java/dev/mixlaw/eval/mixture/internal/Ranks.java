package dev.mixlaw.eval.mixture.internal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Agreement of orders. */
public final class Ranks {
  private Ranks() {}

  /** Spearman's coefficient, ties sharing their mean rank; empty if one side is all alike. */
  public static OptionalDouble spearman(double[] a, double[] b) {
    double[] x = of(a);
    double[] y = of(b);
    double middle = (a.length - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - middle) * (y[i] - middle);
      xx += (x[i] - middle) * (x[i] - middle);
      yy += (y[i] - middle) * (y[i] - middle);
    }
    return xx > 0 && yy > 0 ? OptionalDouble.of(xy / Math.sqrt(xx * yy)) : OptionalDouble.empty();
  }

  private static double[] of(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int end = from;
      while (end < order.length && values[order[end]] == values[order[from]]) {
        end++;
      }
      double mean = (from + end - 1) / 2.0;
      Arrays.stream(order, from, end).forEach(i -> ranks[i] = mean);
      from = end;
    }
    return ranks;
  }
}
