package dev.mixlaw.eval.mixture;

import java.util.Arrays;
import java.util.function.DoubleFunction;

@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record ShareBounds(double[] low, double[] high) {
  private static final int BISECTIONS = 200;

  boolean feasible() {
    for (int j = 0; j < low.length; j++) {
      if (!(low[j] <= high[j])) {
        return false;
      }
    }
    return Arrays.stream(low).sum() <= 1 + 1e-12 && Arrays.stream(high).sum() >= 1 - 1e-12;
  }

  boolean contains(double[] shares) {
    for (int j = 0; j < shares.length; j++) {
      if (shares[j] < low[j] - 1e-9 || shares[j] > high[j] + 1e-9) {
        return false;
      }
    }
    return true;
  }

  double[] nearest(double[] shares) {
    return meet(-2, 2, shift -> clamp(shares, 1, shift));
  }

  /** Returns shares in proportion to the weights, as far as the bounds allow. */
  double[] proportional(double[] weights) {
    double least = Arrays.stream(weights).min().orElseThrow();
    return meet(0, 2 / least, factor -> clamp(weights, factor, 0));
  }

  double[] proportional(double[] weights, int held, double share) {
    double[] lower = low.clone();
    double[] upper = high.clone();
    lower[held] = share;
    upper[held] = share;
    return new ShareBounds(lower, upper).proportional(weights);
  }

  private double[] clamp(double[] shares, double factor, double shift) {
    double[] inside = new double[shares.length];
    for (int j = 0; j < inside.length; j++) {
      inside[j] = Math.min(high[j], Math.max(low[j], factor * shares[j] + shift));
    }
    return inside;
  }

  /**
   * Finds shares with a sum of 1 by bisection.
   *
   * @param from parameter at which the sum is at most 1
   * @param to parameter at which the sum is at least 1
   * @param family function from a parameter to shares, none of which falls if the parameter rises
   */
  private double[] meet(double from, double to, DoubleFunction<double[]> family) {
    double below = from;
    double above = to;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (below + above) / 2;
      if (Arrays.stream(family.apply(middle)).sum() < 1) {
        below = middle;
      } else {
        above = middle;
      }
    }
    double[] shares = family.apply(above);
    double rest = 1 - Arrays.stream(shares).sum();
    for (int j = 0; j < shares.length && rest != 0; j++) { // adds the rounding error
      double moved = Math.min(high[j], Math.max(low[j], shares[j] + rest)) - shares[j];
      shares[j] += moved;
      rest -= moved;
    }
    return shares;
  }
}
