package dev.mixlaw.eval.law;

import java.util.Arrays;

/**
 * The objective function evaluated at one point: residuals, their Jacobian, the gradient, and the
 * part of the Hessian that follows from the Jacobian. It is reused from step to step.
 */
final class ObjectiveEvaluation {
  private final ParameterSpace space;
  private final boolean huber;
  private final double[] parameters;
  private final double[] formGradient;

  /** Derivative of each parameter by its coordinate. */
  private final double[] derivative;

  final double[] u;
  double value;

  /** Derivatives of the residuals by the coordinates, {@code [count, dimension]}. */
  double[] jacobian = new double[0];

  /** Predicted minus measured, of ln loss or of the loss. */
  double[] residual = new double[0];

  /** Derivative of the objective by each residual, times the weight. */
  double[] influence = new double[0];

  final double[] gradient;

  /** Sum of weight·J·Jᵀ over the residuals in the quadratic zone; upper triangle, row by row. */
  final double[] hessian;

  /**
   * Diagonal of the majorizing quadratic function (iteratively reweighted least squares); above 0.
   */
  final double[] scale;

  ObjectiveEvaluation(ParameterSpace space, Objective objective) {
    this.space = space;
    huber = objective == Objective.HUBER_LOG;
    int p = space.dimension;
    parameters = space.newParameters();
    formGradient = new double[parameters.length];
    derivative = new double[p];
    u = new double[p];
    gradient = new double[p];
    hessian = new double[p * p];
    scale = new double[p];
  }

  /** Evaluates the objective at a point; the value is infinite where the law is not defined. */
  void move(FitData rows, double[] to) {
    int p = space.dimension;
    prepare(rows, to);
    space.toParameters(u, parameters);
    for (int k = 0; k < p; k++) {
      derivative[k] = space.logarithmic[k] ? parameters[space.parameter[k]] : 1;
    }
    for (int i = 0; i < rows.count; i++) {
      double f = space.form.evaluate(parameters, rows.features[i], formGradient);
      double chain = huber ? 1 / f : 1;
      residual[i] = (huber ? Math.log(f) : f) - rows.targets[i];
      int at = i * p;
      for (int k = 0; k < p; k++) {
        jacobian[at + k] = formGradient[space.parameter[k]] * (chain * derivative[k]);
      }
    }
    sum(rows);
  }

  /**
   * Evaluates the objective at the point of another evaluation, without evaluating the law again.
   *
   * @param its data of the other evaluation, from which {@code rows} were drawn
   */
  void move(FitData rows, ObjectiveEvaluation other, FitData its) {
    int p = space.dimension;
    prepare(rows, other.u);
    for (int i = 0; i < rows.count; i++) {
      int from = rows.origin[i];
      residual[i] = other.residual[from] + its.targets[from] - rows.targets[i];
      System.arraycopy(other.jacobian, from * p, jacobian, i * p, p);
    }
    sum(rows);
  }

  private void prepare(FitData rows, double[] to) {
    System.arraycopy(to, 0, u, 0, u.length);
    if (influence.length < rows.count) {
      residual = new double[rows.count];
      influence = new double[rows.count];
      jacobian = new double[rows.count * u.length];
    }
  }

  private void sum(FitData rows) {
    int p = space.dimension;
    Arrays.fill(gradient, 0);
    Arrays.fill(scale, 0);
    Arrays.fill(hessian, 0);
    double sum = 0;
    for (int i = 0; i < rows.count; i++) {
      double w = rows.weights[i];
      double r = residual[i];
      double psi;
      double majorant;
      if (!huber) {
        sum += w * r * r;
        psi = 2 * w * r;
        majorant = 2 * w;
      } else if (Math.abs(r) <= Objective.DELTA) {
        sum += w * 0.5 * r * r;
        psi = w * r;
        majorant = w;
      } else {
        double a = Math.abs(r);
        sum += w * Objective.DELTA * (a - 0.5 * Objective.DELTA);
        psi = w * Math.copySign(Objective.DELTA, r);
        majorant = w * Objective.DELTA / a;
      }
      influence[i] = psi;
      int at = i * p;
      for (int k = 0; k < p; k++) {
        double d = jacobian[at + k];
        gradient[k] += psi * d;
        scale[k] += majorant * d * d;
      }
      if (majorant >= w) { // in the quadratic zone
        for (int j = 0; j < p; j++) {
          double wd = majorant * jacobian[at + j];
          for (int k = j; k < p; k++) {
            hessian[j * p + k] += wd * jacobian[at + k];
          }
        }
      }
    }
    value = Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }
}
