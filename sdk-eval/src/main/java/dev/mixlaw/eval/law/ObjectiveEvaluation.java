package dev.mixlaw.eval.law;

import java.util.Arrays;

/**
 * The objective function at one point: its residuals, their Jacobian, the gradient, and the part of
 * the Hessian that follows from the Jacobian. An instance is reused for all steps.
 */
final class ObjectiveEvaluation {
  private final ParameterSpace space;
  private final boolean logarithmic;
  private final double[] parameters;
  private final double[] formGradient;

  private final double[] derivative;

  final double[] u;
  double value;

  /** Derivatives of the residuals with respect to the coordinates, {@code [count, dimension]}. */
  double[] jacobian = new double[0];

  /** Predicted minus measured values, which are losses or their logarithms. */
  double[] residual = new double[0];

  /** Derivative of the objective with respect to each residual, multiplied by the weight. */
  double[] influence = new double[0];

  final double[] gradient;

  /** Sum of weight·J·Jᵀ over the residuals in the quadratic zone; upper triangle, row-major. */
  final double[] hessian;

  /**
   * Hessian of the majorizing quadratic function (iteratively reweighted least squares), as an
   * upper triangle in row-major order.
   */
  final double[] majorant;

  ObjectiveEvaluation(ParameterSpace space, Criterion criterion) {
    this.space = space;
    logarithmic = criterion.logarithmic();
    int p = space.dimension;
    parameters = space.newParameters();
    formGradient = new double[parameters.length];
    derivative = new double[p];
    u = new double[p];
    gradient = new double[p];
    hessian = new double[p * p];
    majorant = new double[p * p];
  }

  static ObjectiveEvaluation at(
      ParameterSpace space, FitData rows, Criterion criterion, double[] parameters) {
    ObjectiveEvaluation state = new ObjectiveEvaluation(space, criterion);
    state.move(rows, space.coordinates(parameters), criterion);
    return state;
  }

  void move(FitData rows, double[] to, Criterion criterion) {
    int p = space.dimension;
    prepare(rows, to);
    if (!space.toParameters(u, parameters)) {
      value = Double.POSITIVE_INFINITY;
      return;
    }
    for (int k = 0; k < p; k++) {
      derivative[k] = space.derivative(parameters, k);
    }
    for (int i = 0; i < rows.count; i++) {
      double f = space.form.evaluate(parameters, rows.features[i], formGradient);
      double chain = logarithmic ? 1 / f : 1;
      residual[i] = (logarithmic ? Math.log(f) : f) - rows.targets[i];
      int at = i * p;
      for (int k = 0; k < p; k++) {
        double d = formGradient[space.parameter[k]];
        if (space.dependent[k] >= 0) {
          d -= formGradient[space.dependent[k]];
        }
        jacobian[at + k] = d * (chain * derivative[k]);
      }
    }
    sum(rows, criterion);
  }

  /**
   * Evaluates the objective at the point of another evaluation, without evaluating the law again.
   *
   * @param its data of the other evaluation, from which {@code rows} were drawn
   */
  void move(FitData rows, ObjectiveEvaluation other, FitData its, Criterion criterion) {
    int p = space.dimension;
    prepare(rows, other.u);
    for (int i = 0; i < rows.count; i++) {
      int from = rows.origin[i];
      residual[i] = other.residual[from] + its.targets[from] - rows.targets[i];
      System.arraycopy(other.jacobian, from * p, jacobian, i * p, p);
    }
    sum(rows, criterion);
  }

  private void prepare(FitData rows, double[] to) {
    System.arraycopy(to, 0, u, 0, u.length);
    if (influence.length < rows.count) {
      residual = new double[rows.count];
      influence = new double[rows.count];
      jacobian = new double[rows.count * u.length];
    }
  }

  private void sum(FitData rows, Criterion criterion) {
    int p = space.dimension;
    double delta = criterion.delta();
    double half = criterion.half();
    Arrays.fill(gradient, 0);
    Arrays.fill(hessian, 0);
    Arrays.fill(majorant, 0);
    double sum = 0;
    for (int i = 0; i < rows.count; i++) {
      double w = 2 * half * rows.weights[i];
      double r = residual[i];
      double a = Math.abs(r);
      boolean inner = a <= delta;
      double factor = inner ? w : w * delta / a;
      sum += inner ? 0.5 * w * r * r : w * delta * (a - 0.5 * delta);
      double psi = factor * r;
      influence[i] = psi;
      add(inner ? hessian : majorant, gradient, factor, psi, i * p, p);
    }
    for (int k = 0; k < p * p; k++) {
      majorant[k] += hessian[k];
    }
    value = Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }

  private void add(double[] to, double[] linear, double factor, double psi, int at, int p) {
    for (int j = 0; j < p; j++) {
      double d = jacobian[at + j];
      linear[j] += psi * d;
      double wd = factor * d;
      int row = j * p;
      for (int k = j; k < p; k++) {
        to[row + k] += wd * jacobian[at + k];
      }
    }
  }
}
