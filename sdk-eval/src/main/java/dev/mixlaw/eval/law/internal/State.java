package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.Objective;

/**
 * The objective at one place, with what a solver needs to go on from there: residuals' Jacobian,
 * gradient, and the part of the Hessian that the Jacobian gives. Reused from step to step.
 */
final class State {
  private final Space space;
  private final Objective objective;
  private final double[] parameters;
  private final double[] formGradient;

  final double[] u;
  double value;

  /** {@code [count, dimension]}: derivatives of the residuals by the coordinates. */
  double[] jacobian = new double[0];

  /** Derivative of the objective by each residual, weight included. */
  double[] influence = new double[0];

  final double[] gradient;

  /** Sum over the quadratic residuals of weight·J·Jᵀ; upper triangle, row-major. */
  final double[] hessian;

  /** Diagonal of the majorizing quadratic (iteratively reweighted least squares): never 0. */
  final double[] scale;

  State(Space space, Objective objective) {
    this.space = space;
    this.objective = objective;
    int p = space.dimension;
    parameters = space.newParameters();
    formGradient = new double[parameters.length];
    u = new double[p];
    gradient = new double[p];
    hessian = new double[p * p];
    scale = new double[p];
  }

  /** Moves here; the value is infinite where the law has none. */
  void move(Rows rows, double[] to) {
    int p = space.dimension;
    System.arraycopy(to, 0, u, 0, p);
    if (influence.length < rows.count) {
      influence = new double[rows.count];
      jacobian = new double[rows.count * p];
    }
    java.util.Arrays.fill(gradient, 0);
    java.util.Arrays.fill(hessian, 0);
    java.util.Arrays.fill(scale, 0);
    space.toParameters(u, parameters);
    double sum = 0;
    boolean huber = objective == Objective.HUBER_LOG;
    for (int i = 0; i < rows.count; i++) {
      double f = space.form.evaluate(parameters, rows.features[i], formGradient);
      double w = rows.weights[i];
      double curvature;
      double psi;
      double majorant;
      double chain;
      if (huber) {
        double r = Math.log(f) - rows.targets[i];
        double a = Math.abs(r);
        chain = 1 / f;
        if (a <= Objective.DELTA) {
          sum += w * 0.5 * r * r;
          psi = w * r;
          curvature = w;
          majorant = w;
        } else {
          sum += w * Objective.DELTA * (a - 0.5 * Objective.DELTA);
          psi = w * Math.copySign(Objective.DELTA, r);
          curvature = 0;
          majorant = w * Objective.DELTA / a;
        }
      } else {
        double r = f - rows.targets[i];
        chain = 1;
        sum += w * r * r;
        psi = 2 * w * r;
        curvature = 2 * w;
        majorant = curvature;
      }
      influence[i] = psi;
      int at = i * p;
      for (int k = 0; k < p; k++) {
        int form = space.parameter[k];
        double d = formGradient[form] * chain;
        if (space.logarithmic[k]) {
          d *= parameters[form];
        }
        jacobian[at + k] = d;
        gradient[k] += psi * d;
        scale[k] += majorant * d * d;
      }
      if (curvature > 0) {
        for (int j = 0; j < p; j++) {
          double cj = curvature * jacobian[at + j];
          for (int k = j; k < p; k++) {
            hessian[j * p + k] += cj * jacobian[at + k];
          }
        }
      }
    }
    value = Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }
}
