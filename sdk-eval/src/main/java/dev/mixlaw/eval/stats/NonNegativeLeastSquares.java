package dev.mixlaw.eval.stats;

public final class NonNegativeLeastSquares {
  private NonNegativeLeastSquares() {}

  /**
   * Returns the x ≥ 0 that minimizes xᵀ·G·x / 2 - bᵀ·x.
   *
   * @param gram the full matrix G in row-major order
   */
  public static double[] solve(double[] gram, double[] b) {
    int n = b.length;
    double[] x = new double[n];
    boolean[] passive = new boolean[n];
    for (int round = 0; round < 3 * n + 3; round++) {
      int enter = -1;
      double best = 0;
      for (int j = 0; j < n; j++) {
        if (!passive[j] && gram[j * n + j] > 0) {
          double w = b[j];
          for (int k = 0; k < n; k++) {
            w -= gram[j * n + k] * x[k];
          }
          w /= Math.sqrt(gram[j * n + j]);
          if (w > best) {
            best = w;
            enter = j;
          }
        }
      }
      if (enter < 0 || best <= 1e-13 * norm(gram, b)) {
        break;
      }
      passive[enter] = true;
      if (!settle(gram, b, x, passive)) {
        passive[enter] = false; // the column depends linearly on the others
        break;
      }
    }
    return x;
  }

  private static double norm(double[] gram, double[] b) {
    double most = 0;
    for (int j = 0; j < b.length; j++) {
      most = Math.max(most, Math.abs(b[j]) / Math.sqrt(Math.max(gram[j * b.length + j], 1e-300)));
    }
    return most;
  }

  private static boolean settle(double[] gram, double[] b, double[] x, boolean[] passive) {
    int n = b.length;
    while (true) {
      double[] s = unconstrained(gram, b, passive);
      if (s.length == 0) {
        return false;
      }
      double reach = 1;
      int leave = -1;
      for (int j = 0; j < n; j++) {
        if (passive[j] && s[j] <= 0 && x[j] / (x[j] - s[j]) < reach) {
          reach = x[j] / (x[j] - s[j]);
          leave = j;
        }
      }
      for (int j = 0; j < n; j++) {
        x[j] = passive[j] ? x[j] + reach * (s[j] - x[j]) : 0;
      }
      if (leave < 0) {
        return true;
      }
      passive[leave] = false;
      x[leave] = 0;
    }
  }

  /** Returns the solution without bounds, or an empty array if the system is singular. */
  private static double[] unconstrained(double[] gram, double[] b, boolean[] passive) {
    int n = b.length;
    int m = 0;
    int[] index = new int[n];
    for (int j = 0; j < n; j++) {
      if (passive[j]) {
        index[m++] = j;
      }
    }
    double[] a = new double[m * m];
    double[] y = new double[m];
    double[] unit = new double[m];
    for (int j = 0; j < m; j++) {
      unit[j] = 1 / Math.sqrt(gram[index[j] * n + index[j]]);
    }
    for (int j = 0; j < m; j++) {
      y[j] = b[index[j]] * unit[j];
      for (int k = j; k < m; k++) {
        a[k * m + j] = gram[index[j] * n + index[k]] * unit[j] * unit[k];
      }
    }
    if (!Cholesky.factor(a, m)) {
      return new double[0];
    }
    Cholesky.solve(a, m, y);
    double[] s = new double[n];
    for (int j = 0; j < m; j++) {
      s[index[j]] = y[j] * unit[j];
    }
    return s;
  }
}
