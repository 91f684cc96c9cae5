package dev.mixlaw.eval.law;

import java.util.Objects;

/**
 * A parameter of a law.
 *
 * @param name ASCII, such as {@code alpha}
 * @param unit such as {@code nats}; empty if it has none
 * @param lower smallest value allowed
 * @param upper largest value allowed
 * @param startLow where the search begins to look
 * @param startHigh where the search ends to look
 * @param logarithmic whether the solver moves its logarithm; it must then be positive
 * @param coefficient whether the law is linear in it, all else fixed: such parameters need no
 *     search, they follow from the others by non-negative least squares
 */
public record Parameter(
    String name,
    String unit,
    double lower,
    double upper,
    double startLow,
    double startHigh,
    boolean logarithmic,
    boolean coefficient) {

  public Parameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(unit, "unit");
    if (!(lower <= startLow && startLow <= startHigh && startHigh <= upper)
        || (logarithmic && !(lower > 0))) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + ": need lower <= startLow <= startHigh <= upper, and lower > 0 where logarithmic; got "
              + lower
              + ", "
              + startLow
              + ", "
              + startHigh
              + ", "
              + upper);
    }
  }

  /** A loss that cannot be undercut: linear, from 0. */
  public static Parameter floor(String name) {
    return new Parameter(name, "loss", 0, 1e6, 0, 1e6, false, true);
  }

  /** A positive factor before a term: the law is linear in it, the solver moves its logarithm. */
  public static Parameter coefficient(String name, String unit) {
    return new Parameter(name, unit, 1e-12, 1e30, 1e-12, 1e30, true, true);
  }

  /** An exponent, looked for from 0.02 to 2. */
  public static Parameter exponent(String name) {
    return new Parameter(name, "", 1e-4, 10, 0.02, 2, true, false);
  }

  /** A positive number whose logarithm is searched and moved. */
  public static Parameter positive(String name, String unit, double startLow, double startHigh) {
    return new Parameter(
        name, unit, startLow * 1e-6, startHigh * 1e6, startLow, startHigh, true, false);
  }

  /** A number of either sign, looked for within {@code reach} of 0. */
  public static Parameter signed(String name, double reach) {
    return new Parameter(name, "", -100 * reach, 100 * reach, -reach, reach, false, false);
  }
}
