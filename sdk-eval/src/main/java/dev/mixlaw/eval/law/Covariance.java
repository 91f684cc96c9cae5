package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.List;

/**
 * How the errors of fitted parameters go together, at the optimum and to first order:
 *
 * <pre>V = c·σ²·(JᵀJ)⁻¹</pre>
 *
 * <p>with J the derivatives of the residuals by the free parameters, σ the spread of one
 * observation about the law ({@link LawFit#noise}), and c what robustness costs where noise is
 * normal: 1 for {@link Objective#LEAST_SQUARES}; for {@link Objective#HUBER_LOG} with k = {@value
 * Objective#DELTA}/σ, φ and Φ the normal density and distribution
 *
 * <pre>c = [2Φ(k) - 1 - 2kφ(k) + 2k²(1 - Φ(k))] / [2Φ(k) - 1]²</pre>
 *
 * <p>from 1 to π/2 (the asymptotic variance of the M-estimator: Huber 1964, "Robust estimation of a
 * location parameter"). Estimating c from the residuals themselves needs hundreds of them: few lie
 * in the quadratic zone.
 *
 * <p>This is the quick look: symmetric, blind to curvature, bounds and outliers. The intervals of
 * {@link LawFit#parameters} are refits and need none of that.
 */
public final class Covariance {
  private final List<String> parameters;
  private final double[][] matrix;

  /**
   * A covariance.
   *
   * @param parameters free ones, in the form's order
   * @param matrix symmetric, in their order
   */
  public Covariance(List<String> parameters, double[][] matrix) {
    this.parameters = List.copyOf(parameters);
    this.matrix = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /** Free parameters, in the form's order. */
  public List<String> parameters() {
    return parameters;
  }

  /** All of it, in the parameters' order. */
  public double[][] matrix() {
    return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Of two parameters, in the product of their units.
   *
   * @throws IllegalArgumentException if one is none of {@link #parameters()}
   */
  public double of(String one, String other) {
    return matrix[position(one)][position(other)];
  }

  /** Square root of a parameter's variance. */
  public double standardError(String parameter) {
    return Math.sqrt(of(parameter, parameter));
  }

  /** From -1 to 1. */
  public double correlation(String one, String other) {
    return of(one, other) / (standardError(one) * standardError(other));
  }

  private int position(String parameter) {
    int k = parameters.indexOf(parameter);
    if (k < 0) {
      throw new IllegalArgumentException(
          "parameter " + parameter + " is none of the free ones, " + parameters);
    }
    return k;
  }

  @Override
  public String toString() {
    return parameters + " " + Arrays.deepToString(matrix);
  }
}
