package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.Cholesky;
import java.util.Arrays;

/**
 * Finds a minimum of the objective near a starting point by Newton steps in a trust region
 * (Levenberg–Marquardt), with bounds by projection.
 *
 * <p>The Hessian is the sum of two parts: the product of Jacobians, over the residuals in the
 * quadratic zone, and a secant estimate of the rest (Dennis, Gay and Welsch 1981, "An adaptive
 * nonlinear least-squares algorithm"). So the convergence is superlinear without second derivatives
 * of a form. Damping is in units of the reweighted least squares that majorize the Huber loss. Not
 * safe for use by several threads.
 */
final class TrustRegionSolver {
  private static final int MAX_EVALUATIONS = 400;

  private final ParameterSpace space;
  private ObjectiveEvaluation here;
  private ObjectiveEvaluation there;
  private final double[] secant;
  private final double[] system;
  private final double[] step;
  private final double[] trial;
  private final double[] change;
  private final boolean[] held;

  /**
   * The result of a minimization.
   *
   * @param u coordinates
   * @param value of the objective
   * @param converged true if no step is predicted to gain more than the tolerance
   * @param evaluations number of evaluations of the objective
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Minimum(double[] u, double value, boolean converged, int evaluations) {}

  public TrustRegionSolver(ParameterSpace space, Objective objective) {
    this.space = space;
    int p = space.dimension;
    here = new ObjectiveEvaluation(space, objective);
    there = new ObjectiveEvaluation(space, objective);
    secant = new double[p * p];
    system = new double[p * p];
    step = new double[p];
    trial = new double[p];
    change = new double[p];
    held = new boolean[p];
  }

  /**
   * Minimizes from a starting point.
   *
   * @param tolerance relative, of the objective
   */
  public Minimum minimize(FitData rows, double[] start, double tolerance) {
    for (int k = 0; k < trial.length; k++) {
      trial[k] = space.clamp(k, start[k]);
    }
    Arrays.fill(secant, 0);
    here.move(rows, trial);
    return descend(rows, tolerance, 1e-3);
  }

  /**
   * Minimizes from an evaluated point, on rows that were drawn from its data.
   *
   * @param tolerance relative, of the objective
   */
  Minimum minimize(FitData rows, ObjectiveEvaluation from, FitData its, double tolerance) {
    Arrays.fill(secant, 0);
    here.move(rows, from, its);
    return descend(rows, tolerance, 1e-5);
  }

  private Minimum descend(FitData rows, double tolerance, double firstDamping) {
    double damping = firstDamping;
    int evaluations = 1;
    double growth = 2;
    // Below this value the residuals are rounding errors.
    double floor = rows.count * 1e-31;
    boolean converged = false;
    while (evaluations < MAX_EVALUATIONS && here.value < Double.POSITIVE_INFINITY) {
      double predicted = step(damping);
      if (!(predicted > 0)) { // not positive definite
        damping = Math.max(damping * 4, 1e-8);
        if (damping > 1e14) {
          converged = true; // no direction decreases the objective
          break;
        }
        continue;
      }
      if (predicted <= tolerance * here.value || here.value <= floor) {
        if (damping <= 1e-2 || here.value <= floor) {
          converged = true;
          break;
        }
        damping *= 0.1; // the step is small only because the region is small
        growth = 2;
        if (predicted == 0) {
          converged = true;
          break;
        }
      }
      there.move(rows, trial);
      evaluations++;
      double actual = here.value - there.value;
      double ratio = actual / predicted;
      if (ratio > 1e-4) {
        updateSecant(rows);
        ObjectiveEvaluation swap = here;
        here = there;
        there = swap;
        double cube = 2 * ratio - 1;
        damping *= ratio > 0.9 ? 0.1 : Math.max(0.1, 1 - cube * cube * cube);
        damping = Math.max(damping, 1e-12);
        growth = 2;
      } else {
        if (predicted <= 1e-13 * here.value) {
          converged = true; // the difference is below the rounding error
          break;
        }
        damping = Math.max(damping, 1e-10) * growth;
        growth *= 2;
        if (damping > 1e14) {
          converged = true;
          break;
        }
      }
    }
    return new Minimum(here.u.clone(), here.value, converged, evaluations);
  }

  /**
   * Sets the trial point to a damped Newton step. Returns the predicted decrease of the objective,
   * or NaN if the system is not positive definite.
   */
  private double step(double damping) {
    int p = space.dimension;
    for (int k = 0; k < p; k++) {
      held[k] =
          (here.u[k] <= space.lower[k] && here.gradient[k] > 0)
              || (here.u[k] >= space.upper[k] && here.gradient[k] < 0);
    }
    for (int j = 0; j < p; j++) {
      for (int k = j; k < p; k++) {
        double h = held[j] || held[k] ? 0 : here.hessian[j * p + k] + secant[j * p + k];
        system[k * p + j] = h;
      }
      system[j * p + j] =
          held[j] ? 1 : system[j * p + j] + damping * Math.max(here.scale[j], 1e-300);
      step[j] = held[j] ? 0 : -here.gradient[j];
    }
    if (!Cholesky.factor(system, p)) {
      return Double.NaN;
    }
    Cholesky.solve(system, p, step);
    double linear = 0;
    for (int k = 0; k < p; k++) {
      trial[k] = space.clamp(k, here.u[k] + step[k]);
      step[k] = trial[k] - here.u[k];
      linear += here.gradient[k] * step[k];
    }
    double quadratic = 0;
    for (int j = 0; j < p; j++) {
      double row = 0.5 * (here.hessian[j * p + j] + secant[j * p + j]) * step[j];
      for (int k = j + 1; k < p; k++) {
        row += (here.hessian[j * p + k] + secant[j * p + k]) * step[k];
      }
      quadratic += row * step[j];
    }
    double predicted = -(linear + quadratic);
    return predicted == 0 && linear == 0 ? Double.MIN_VALUE : predicted;
  }

  /**
   * Estimates the second-order part from the last step by a secant condition. Earlier estimates are
   * dropped, because residuals that change sign reverse their contribution.
   */
  private void updateSecant(FitData rows) {
    int p = space.dimension;
    double[] y = trial; // free until the next proposal
    Arrays.fill(change, 0);
    for (int i = 0; i < rows.count; i++) {
      double psi = there.influence[i];
      int at = i * p;
      for (int k = 0; k < p; k++) {
        change[k] += psi * here.jacobian[at + k];
      }
    }
    double sy = 0;
    double sc = 0;
    for (int k = 0; k < p; k++) {
      y[k] = there.gradient[k] - here.gradient[k];
      change[k] = there.gradient[k] - change[k];
      sy += step[k] * y[k];
      sc += step[k] * change[k];
    }
    if (!(sy > 0)) {
      Arrays.fill(secant, 0);
      return;
    }
    for (int j = 0; j < p; j++) {
      for (int k = j; k < p; k++) {
        secant[j * p + k] =
            (change[j] * y[k] + y[j] * change[k]) / sy - sc * y[j] * y[k] / (sy * sy);
      }
    }
  }
}
