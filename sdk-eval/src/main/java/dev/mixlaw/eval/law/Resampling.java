package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.Locale;

/**
 * A source of resampled data from which confidence intervals are computed. Instances are immutable.
 */
public final class Resampling {
  /** The kinds of resampling. */
  enum Kind {
    AUTOMATIC,
    CASES,
    /**
     * Random noise is added to the fitted law.
     *
     * <p>With few degrees of freedom, the standard deviation of the noise is uncertain. Each
     * resample therefore draws it from a scaled inverse chi-square distribution, which yields
     * Student's t intervals for a linear law. Cases cannot be resampled in such a design. With five
     * points and three parameters, for example, most resamples would not identify the parameters.
     */
    PARAMETRIC,
    LOSSES
  }

  final Kind kind;

  /** {@code [resamples][observations]}; empty unless the caller provides the losses. */
  final double[][] losses;

  private Resampling(Kind kind, double[][] losses) {
    this.kind = kind;
    this.losses = losses;
  }

  /**
   * Returns {@link #cases()} if there are at least 20 observations and three distinct points per
   * parameter, otherwise {@link #parametric()}.
   */
  public static Resampling automatic() {
    return new Resampling(Kind.AUTOMATIC, new double[0][]);
  }

  /** Returns a bootstrap that draws observations with replacement. */
  public static Resampling cases() {
    return new Resampling(Kind.CASES, new double[0][]);
  }

  /**
   * Returns a bootstrap that adds random noise to the fitted law. The noise is as large as the
   * residuals.
   */
  public static Resampling parametric() {
    return new Resampling(Kind.PARAMETRIC, new double[0][]);
  }

  /**
   * Returns a source of losses that the caller has resampled, for example losses on resampled
   * evaluation documents. A row has the same draws in every fit, so fits of several mixtures can be
   * compared draw by draw. Intervals include only the noise of the given losses.
   *
   * @param losses {@code [resamples][observations]}, in the order of the observations, including
   *     held-out observations
   */
  public static Resampling losses(double[][] losses) {
    return new Resampling(
        Kind.LOSSES, Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new));
  }

  /**
   * Returns the name of this source: {@code automatic}, {@code cases}, {@code parametric} or {@code
   * losses}.
   */
  public String id() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return id();
  }
}
