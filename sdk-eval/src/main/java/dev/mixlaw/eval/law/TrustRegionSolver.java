package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.Cholesky;
import java.util.Arrays;

/**
 * Minimizes the objective from a starting point by Newton steps in a trust region
 * (Levenberg–Marquardt) within bounds. A solver is not thread-safe.
 *
 * <p>The Hessian is the sum of two parts. The first part is JᵀWJ over the residuals in the
 * quadratic zone of the Huber loss, where J is the Jacobian of the residuals and W contains the
 * weights. The second part is a secant estimate of the remainder (Dennis, Gay and Welsch 1981, "An
 * adaptive nonlinear least-squares algorithm"). Convergence is therefore superlinear without second
 * derivatives of the form.
 *
 * <p>The damping is a multiple of the Hessian of the quadratic function that majorizes the Huber
 * loss. A long step is therefore a Newton step, and a short step is a step of iteratively
 * reweighted least squares, regardless of the scales and correlations of the parameters. No
 * coordinate changes by more than the radius, so flat directions do not determine the step. If a
 * step would cross a bound, the coordinate is set to the bound, and the step is solved again for
 * all other coordinates.
 */
final class TrustRegionSolver {
  private static final int MAX_EVALUATIONS = 400;

  private static final double ROUGH = 1e-6;
  private static final int ROUGH_EVALUATIONS = 200;

  /** Length of a step below which a failed step only increases the damping. */
  private static final double SHORT = 1e-2;

  /**
   * Fraction of the majorant's diagonal that is added to the majorant to make it positive definite.
   */
  private static final double RIDGE = 1e-4;

  private final Criterion criterion;
  private ParameterSpace space;
  private ObjectiveEvaluation here;
  private ObjectiveEvaluation there;
  private double damping;

  /** Largest step in any coordinate, in the unit of the coordinate. */
  private double radius;

  /** Largest change of any coordinate in the step, in the unit of the coordinate. */
  private double length;

  private double[] secant;
  private double[] system;
  private double[] factor;
  private double[] step;
  private double[] trial;
  private double[] change;
  private boolean[] held;

  /**
   * The result of a minimization.
   *
   * @param converged whether no step is predicted to lower the objective by more than the tolerance
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Minimum(double[] parameters, double value, boolean converged, int evaluations) {}

  public TrustRegionSolver(ParameterSpace space, Criterion criterion) {
    this.criterion = criterion;
    allocate(space);
  }

  private void allocate(ParameterSpace other) {
    space = other;
    int p = space.dimension;
    here = new ObjectiveEvaluation(space, criterion);
    there = new ObjectiveEvaluation(space, criterion);
    secant = new double[p * p];
    system = new double[p * p];
    factor = new double[p * p];
    step = new double[p];
    trial = new double[p];
    change = new double[p];
    held = new boolean[p];
  }

  /** Minimizes from a starting point. */
  public Minimum minimize(FitData rows, double[] start, double tolerance) {
    return minimize(rows, start, tolerance, criterion, MAX_EVALUATIONS);
  }

  Minimum rough(FitData rows, double[] start, double delta, int evaluations) {
    return minimize(rows, start, ROUGH, criterion.withDelta(delta), evaluations);
  }

  /**
   * Follows a rough minimum while the threshold of the Huber loss is lowered step by step to the
   * threshold of the criterion.
   */
  Minimum lowered(FitData rows, double[] start) {
    double[] at = start;
    for (int times : Double.isInfinite(criterion.delta()) ? new int[0] : new int[] {10, 3}) {
      at = rough(rows, at, times * criterion.delta(), ROUGH_EVALUATIONS).parameters();
    }
    return rough(rows, at, criterion.delta(), ROUGH_EVALUATIONS);
  }

  /** Minimizes another objective function from a starting point. */
  private Minimum minimize(
      FitData rows, double[] start, double tolerance, Criterion other, int most) {
    double[] from = start;
    int evaluations = 0;
    damping = 1e-3;
    while (true) {
      ParameterSpace around = space.around(from);
      if (around != space) {
        allocate(around);
      }
      System.arraycopy(space.coordinates(from), 0, trial, 0, trial.length);
      here.move(rows, trial, other);
      Minimum m = descend(rows, tolerance, other, most - evaluations);
      evaluations += m.evaluations;
      if (space.around(m.parameters) == space || evaluations >= most) {
        return new Minimum(m.parameters, m.value, m.converged, evaluations);
      }
      from = m.parameters;
    }
  }

  /**
   * Minimizes from a point that was already evaluated. The rows must be drawn from the data of that
   * evaluation.
   */
  Minimum minimize(FitData rows, ObjectiveEvaluation from, FitData its, double tolerance) {
    here.move(rows, from, its, criterion);
    damping = 1e-5;
    Minimum m = descend(rows, tolerance, criterion, MAX_EVALUATIONS);
    return space.around(m.parameters) == space
        ? m
        : new TrustRegionSolver(space, criterion).minimize(rows, m.parameters, tolerance);
  }

  private Minimum descend(FitData rows, double tolerance, Criterion by, int most) {
    Arrays.fill(secant, 0);
    int evaluations = 1;
    double growth = 2;
    radius = 1;
    // Below this value, the residuals are rounding errors.
    double floor = rows.count * 1e-31;
    boolean converged = false;
    while (evaluations < most && here.value < Double.POSITIVE_INFINITY) {
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
      there.move(rows, trial, by);
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
        radius = ratio > 0.75 ? Math.max(radius, 2 * length) : ratio < 0.25 ? length / 2 : radius;
        if (space.isCrowded(here.u)) {
          break; // another parameter of a group should be the dependent one
        }
      } else {
        if (predicted <= 1e-13 * here.value) {
          converged = true; // the difference is below the rounding error
          break;
        }
        if (length > SHORT) {
          radius = length / 4;
        } else {
          damping = Math.max(damping, 1e-10) * growth;
          growth *= 2;
        }
        if (damping > 1e14) {
          converged = true;
          break;
        }
      }
    }
    return new Minimum(space.parameters(here.u), here.value, converged, evaluations);
  }

  /**
   * Sets the trial point to a damped Newton step within the bounds. Returns the predicted decrease
   * of the objective, or NaN if the system is not positive definite.
   */
  private double step(double damping) {
    int p = space.dimension;
    for (int k = 0; k < p; k++) {
      held[k] =
          (here.u[k] <= space.lower[k] && here.gradient[k] > 0)
              || (here.u[k] >= space.upper[k] && here.gradient[k] < 0)
              || !(here.majorant[k * p + k] > 0);
      step[k] = 0;
    }
    for (int j = 0; j < p; j++) {
      for (int k = j; k < p; k++) {
        int at = j * p + k;
        system[k * p + j] = here.hessian[at] + secant[at] + damping * here.majorant[at];
      }
      system[j * p + j] += damping * RIDGE * here.majorant[j * p + j];
    }
    for (boolean crossed = true; crossed; ) {
      System.arraycopy(system, 0, factor, 0, factor.length);
      for (int j = 0; j < p; j++) {
        change[j] = held[j] ? step[j] : -here.gradient[j];
        for (int k = 0; k < p; k++) {
          if (held[k] && !held[j]) {
            change[j] -= system[Math.max(j, k) * p + Math.min(j, k)] * step[k];
          }
        }
      }
      for (int j = 0; j < p; j++) {
        for (int k = 0; k <= j; k++) {
          if (held[j] || held[k]) {
            factor[j * p + k] = j == k ? 1 : 0;
          }
        }
      }
      if (!Cholesky.factor(factor, p)) {
        return Double.NaN;
      }
      Cholesky.solve(factor, p, change);
      crossed = false;
      for (int k = 0; k < p; k++) {
        if (!held[k]) {
          double most = radius * space.unit[k];
          trial[k] = space.clamp(k, here.u[k] + Math.min(most, Math.max(-most, change[k])));
          if (trial[k] != here.u[k] + change[k]) {
            held[k] = true;
            crossed = true;
            step[k] = trial[k] - here.u[k];
          }
        }
      }
    }
    for (int k = 0; k < p; k++) {
      step[k] = held[k] ? step[k] : change[k];
    }
    double part = space.feasiblePart(here.u, step);
    double linear = 0;
    for (int k = 0; k < p; k++) {
      trial[k] = space.clamp(k, here.u[k] + part * step[k]);
      step[k] = trial[k] - here.u[k];
      linear += here.gradient[k] * step[k];
    }
    length = 0;
    for (int k = 0; k < p; k++) {
      length = Math.max(length, Math.abs(step[k]) / space.unit[k]);
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
   * Estimates the second part of the Hessian from the last step by a secant condition. Earlier
   * estimates are discarded, because residuals that change sign reverse their contribution.
   */
  private void updateSecant(FitData rows) {
    int p = space.dimension;
    double[] y = trial; // reuses the array, free until the next step
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
