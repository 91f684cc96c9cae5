package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.List;

/**
 * The covariance of the free parameters at the optimum, to first order:
 *
 * <pre>V = c·σ²·(JᵀJ)⁻¹</pre>
 *
 * <p>J holds the derivatives of the residuals by the free parameters, and σ is the standard
 * deviation of one observation around the law ({@link LawFit#noise}). The factor c is the
 * asymptotic variance of the estimator relative to least squares for normal noise. It is 1 for
 * {@link Objective#LEAST_SQUARES}. For {@link Objective#HUBER_LOG}, with k = {@value
 * Objective#DELTA}/σ and the normal density φ and distribution Φ, it is
 *
 * <pre>c = [2Φ(k) - 1 - 2kφ(k) + 2k²(1 - Φ(k))] / [2Φ(k) - 1]²</pre>
 *
 * <p>from 1 to π/2 (Huber 1964, "Robust estimation of a location parameter").
 *
 * <p>This approximation is symmetric and ignores curvature, bounds and outliers. The intervals of
 * {@link LawFit#parameters} come from refits and do not use it.
 */
public final class Covariance {
  private final List<String> parameters;
  private final double[][] matrix;

  /**
   * Creates a covariance.
   *
   * @param parameters names of the free parameters, in the form's order
   * @param matrix symmetric matrix, in the order of the parameters
   */
  public Covariance(List<String> parameters, double[][] matrix) {
    this.parameters = List.copyOf(parameters);
    this.matrix = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /** Returns the names of the free parameters, in the form's order. */
  public List<String> parameters() {
    return parameters;
  }

  /** Returns the matrix, in the order of the parameters. */
  public double[][] matrix() {
    return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Returns the covariance of two parameters, in the product of their units.
   *
   * @throws IllegalArgumentException if one is not among {@link #parameters()}
   */
  public double of(String one, String other) {
    return matrix[position(one)][position(other)];
  }

  /** Returns the standard error of a parameter, the square root of its variance. */
  public double standardError(String parameter) {
    return Math.sqrt(of(parameter, parameter));
  }

  /** Returns the correlation of two parameters, from -1 to 1. */
  public double correlation(String one, String other) {
    return of(one, other) / (standardError(one) * standardError(other));
  }

  private int position(String parameter) {
    int k = parameters.indexOf(parameter);
    if (k < 0) {
      throw new IllegalArgumentException(
          "parameter " + parameter + "; expected one of the free parameters " + parameters);
    }
    return k;
  }

  @Override
  public String toString() {
    return parameters + " " + Arrays.deepToString(matrix);
  }
}
