package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.Locale;

/** A source of resampled data from which confidence intervals are computed. */
final class Resampling {
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

  /**
   * Losses that the caller has resampled, {@code [resamples][observations]}; empty for other kinds.
   */
  final double[][] losses;

  private Resampling(Kind kind, double[][] losses) {
    this.kind = kind;
    this.losses = losses;
  }

  static Resampling automatic() {
    return new Resampling(Kind.AUTOMATIC, new double[0][]);
  }

  static Resampling cases() {
    return new Resampling(Kind.CASES, new double[0][]);
  }

  static Resampling parametric() {
    return new Resampling(Kind.PARAMETRIC, new double[0][]);
  }

  /** Returns losses {@code [resamples][observations]} that the caller has resampled. */
  static Resampling losses(double[][] losses) {
    return new Resampling(
        Kind.LOSSES, Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
