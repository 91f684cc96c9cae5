package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.SingularValues;

/** The condition number of a fit: how well the data identify the parameters. */
final class ConditionNumber {
  /**
   * Relative change of the loss by a relative change of a parameter, below which the parameter has
   * no effect.
   */
  private static final double NOTHING = 1e-7;

  private ConditionNumber() {}

  /**
   * Returns the ratio of the largest to the smallest singular value of the residuals' Jacobian in
   * the solver's coordinates, with columns scaled to length 1. It is infinite if a parameter has no
   * effect, because its term vanished.
   */
  public static double of(
      ParameterSpace all, FitData rows, Criterion criterion, double[] parameters) {
    ParameterSpace space = all.around(parameters);
    ObjectiveEvaluation state = new ObjectiveEvaluation(space, criterion);
    state.move(rows, space.coordinates(parameters), criterion);
    int p = space.dimension;
    double[] a = new double[rows.count * p];
    for (int k = 0; k < p; k++) {
      double square = 0;
      double most = 0;
      for (int i = 0; i < rows.count; i++) {
        double d = state.jacobian[i * p + k];
        square += d * d;
        most = Math.max(most, Math.abs(criterion.logarithmic() ? d : d / rows.losses[i]));
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
