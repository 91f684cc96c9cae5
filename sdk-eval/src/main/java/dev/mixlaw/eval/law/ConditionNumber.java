package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.SingularValues;

/** How well the data determine the parameters near a fit. */
final class ConditionNumber {
  /** Relative change of the loss by a parameter's own size, below which it changes nothing. */
  private static final double NOTHING = 1e-7;

  private ConditionNumber() {}

  /**
   * Condition number of the residuals' Jacobian by the solver's coordinates, columns scaled to
   * length 1: largest over smallest singular value. Infinite where a parameter changes next to
   * nothing: its term vanished, and any value would do.
   */
  public static double of(ParameterSpace space, FitData rows, Objective objective, double[] u) {
    ObjectiveEvaluation state = new ObjectiveEvaluation(space, objective);
    state.move(rows, u);
    int p = space.dimension;
    double[] a = new double[rows.count * p];
    for (int k = 0; k < p; k++) {
      double square = 0;
      double most = 0;
      for (int i = 0; i < rows.count; i++) {
        double d = state.jacobian[i * p + k];
        square += d * d;
        most = Math.max(most, Math.abs(objective == Objective.HUBER_LOG ? d : d / rows.losses[i]));
      }
      if (!(most > NOTHING)) {
        return Double.POSITIVE_INFINITY;
      }
      double unit = 1 / Math.sqrt(square);
      for (int i = 0; i < rows.count; i++) {
        a[i * p + k] = state.jacobian[i * p + k] * unit;
      }
    }
    double[] singular = SingularValues.of(a, rows.count, p);
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double s : singular) {
      most = Math.max(most, s);
      least = Math.min(least, s);
    }
    return least > 0 ? most / least : Double.POSITIVE_INFINITY;
  }
}
