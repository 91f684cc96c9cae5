package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.Locale;

/** An immutable source of the resampled data that confidence intervals are computed from. */
public final class Resampling {
  private final Source source;

  /** A kind of resampling with its data. */
  sealed interface Source {}

  record Automatic() implements Source {}

  record Cases() implements Source {}

  /**
   * The fitted law with random noise.
   *
   * <p>With few degrees of freedom, the standard deviation itself is uncertain. Each resample
   * therefore draws it from a scaled inverse chi-square distribution, which yields Student's t
   * intervals for a linear law. Cases cannot be resampled in such a design: with five points and
   * three parameters, most resamples would not identify the parameters.
   */
  record Parametric(double noise, int degreesOfFreedom) implements Source {
    Parametric {
      if (!(noise >= 0) || Double.isInfinite(noise) || degreesOfFreedom < 0) {
        throw new IllegalArgumentException(
            "noise "
                + noise
                + " with "
                + degreesOfFreedom
                + " degrees of freedom; expected finite numbers of at least 0");
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // copied by the factory; never compared
  record Losses(double[][] losses) implements Source {}

  private Resampling(Source source) {
    this.source = source;
  }

  /**
   * Returns {@link #cases()} for at least 20 observations and three distinct points per parameter,
   * otherwise {@link #parametric()}.
   */
  public static Resampling automatic() {
    return new Resampling(new Automatic());
  }

  /** Returns a bootstrap of observations drawn with replacement. */
  public static Resampling cases() {
    return new Resampling(new Cases());
  }

  /** Returns a bootstrap of the fitted law with random noise of the same size as the residuals. */
  public static Resampling parametric() {
    return parametric(0, 0);
  }

  /**
   * Returns a bootstrap of the fitted law with random noise. The noise is estimated from the
   * residuals and from other data, such as seeds of another mixture, weighted by their degrees of
   * freedom.
   *
   * @param noise standard deviation of one observation: relative for {@link Objective#HUBER_LOG},
   *     in the unit of the loss for {@link Objective#LEAST_SQUARES}
   * @param degreesOfFreedom degrees of freedom of that estimate, such as the number of seeds - 1
   * @throws IllegalArgumentException if a number is negative or not finite
   */
  public static Resampling parametric(double noise, int degreesOfFreedom) {
    return new Resampling(new Parametric(noise, degreesOfFreedom));
  }

  /**
   * Returns resampled losses that the caller provides, such as losses on resampled evaluation
   * documents. A row has the same draws in every fit, so that fits of several mixtures can be
   * compared draw by draw. The intervals include only the noise of these losses.
   *
   * @param losses {@code [resamples][observations]}, in the order of the observations, including
   *     those that are held out
   */
  public static Resampling losses(double[][] losses) {
    return new Resampling(
        new Losses(Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new)));
  }

  /**
   * Returns the name of this kind: {@code automatic}, {@code cases}, {@code parametric} or {@code
   * losses}.
   */
  public String id() {
    return source.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  Source source() {
    return source;
  }

  @Override
  public String toString() {
    return id();
  }
}
