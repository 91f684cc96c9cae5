package dev.mixlaw.eval.law;

import java.util.Arrays;
import java.util.Objects;

/** Where the alternative data come from that intervals are made of. */
public sealed interface Resampling {
  /**
   * {@link Cases} where there are 20 observations and three distinct points a parameter, else
   * {@link Parametric}.
   */
  static Resampling automatic() {
    return new Automatic();
  }

  /** Observations drawn with replacement. */
  static Resampling cases() {
    return new Cases();
  }

  /** The fitted law with fresh noise of the size of the residuals. */
  static Resampling parametric() {
    return new Parametric(0, 0);
  }

  /**
   * The fitted law with fresh noise of the size of the residuals and of a spread known from
   * elsewhere, say from seeds of another mixture, each weighing by its degrees of freedom.
   *
   * @param noise standard deviation of one observation: relative for {@link Objective#HUBER_LOG},
   *     in the loss's unit for {@link Objective#LEAST_SQUARES}
   * @param degreesOfFreedom of that knowledge: seeds - 1
   */
  static Resampling parametric(double noise, int degreesOfFreedom) {
    return new Parametric(noise, degreesOfFreedom);
  }

  /**
   * Losses that the caller resampled, say by drawing evaluation documents anew: the same row gives
   * the same draw in every fit, so that fits of several mixtures can be compared draw by draw. Such
   * intervals hold the noise the caller put in, and no other.
   *
   * @param losses {@code [resamples][observations]}, in the order of the observations given to the
   *     fit, held-out ones included
   */
  static Resampling losses(double[][] losses) {
    return new Losses(Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new));
  }

  /** See {@link #automatic()}. */
  record Automatic() implements Resampling {}

  /** See {@link #cases()}. */
  record Cases() implements Resampling {}

  /**
   * See {@link #parametric(double, int)}.
   *
   * <p>The size of the noise is itself uncertain where few points are left over: each resample
   * draws it from its own distribution (scaled inverse chi-square), which makes the intervals those
   * of Student's t where the law is linear. A bootstrap of cases cannot be used there: with five
   * points and three parameters most resamples would determine nothing.
   */
  record Parametric(double noise, int degreesOfFreedom) implements Resampling {
    public Parametric {
      if (!(noise >= 0) || Double.isInfinite(noise) || degreesOfFreedom < 0) {
        throw new IllegalArgumentException(
            "noise " + noise + " with " + degreesOfFreedom + " degrees of freedom");
      }
    }
  }

  /** See {@link #losses(double[][])}. */
  @SuppressWarnings("ArrayRecordComponent") // copied by the factory; never compared
  record Losses(double[][] losses) implements Resampling {
    public Losses {
      Objects.requireNonNull(losses, "losses");
    }
  }
}
