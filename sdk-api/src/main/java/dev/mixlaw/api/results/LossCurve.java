package dev.mixlaw.api.results;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Losses of one mixture and model over training tokens: the measured points, and the law L(D) = E +
 * B·D<sup>−β</sup> if the data allow one.
 *
 * @param domain name of the domain, or {@link FittedLaw#MACRO}
 * @param measured by ascending budget; each point is the mean of its seeds, its interval the mean
 *     of their intervals
 * @param law the law that was fitted to these points; empty if it was refused
 * @param fitted points on the law's curve, from a little below the smallest budget to a little
 *     above the largest. On the macro average their intervals are the 95 % band of the law; on a
 *     single domain both bounds equal the value. Empty without a law.
 */
public record LossCurve(
    String mixture,
    String model,
    String domain,
    List<Point> measured,
    Optional<FittedLaw> law,
    List<Point> fitted) {

  /** Checks for null and copies the lists. */
  public LossCurve {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(law, "law");
    measured = List.copyOf(measured);
    fitted = List.copyOf(fitted);
  }

  /**
   * A loss at a number of training tokens.
   *
   * @param tokens not whole on a fitted curve
   */
  public record Point(double tokens, Estimate loss) {}
}
