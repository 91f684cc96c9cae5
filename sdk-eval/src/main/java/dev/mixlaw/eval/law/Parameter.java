package dev.mixlaw.eval.law;

import java.util.Objects;

/**
 * A parameter of a law.
 *
 * @param name ASCII name, such as {@code alpha}
 * @param unit unit, such as {@code nats}; empty if there is none
 * @param startLow lower end of the range of starting values
 * @param startHigh upper end of the range of starting values
 * @param logarithmic whether the solver uses the logarithm of the parameter, which must then be
 *     positive
 * @param coefficient whether the law is linear in this parameter if all other parameters are fixed;
 *     if so, the parameter is computed by non-negative least squares and needs no starting value
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
          "parameter %s: expected lower <= startLow <= startHigh <= upper, and lower > 0 if logarithmic; got %s, %s, %s, %s"
              .formatted(name, lower, startLow, startHigh, upper));
    }
  }

  /** Returns this parameter with other bounds, inside which its starting values are. */
  Parameter within(double low, double high) {
    double from = Math.min(high, Math.max(low, startLow));
    double to = Math.min(high, Math.max(low, startHigh));
    return new Parameter(name, unit, low, high, from, to, logarithmic, coefficient);
  }

  /** Returns an irreducible loss, which is a non-negative linear parameter. */
  public static Parameter floor(String name) {
    return new Parameter(name, "loss", 0, 1e6, 0, 1e6, false, true);
  }

  /**
   * Returns a positive factor of a term, which is a linear parameter. The solver uses its
   * logarithm.
   */
  public static Parameter coefficient(String name, String unit) {
    return new Parameter(name, unit, 1e-12, 1e30, 1e-12, 1e30, true, true);
  }

  /** Returns an exponent with starting values from 0.02 to 2. */
  public static Parameter exponent(String name) {
    return new Parameter(name, "", 1e-4, 10, 0.02, 2, true, false);
  }

  /** Returns a positive parameter. The solver uses its logarithm. */
  public static Parameter positive(String name, String unit, double startLow, double startHigh) {
    return new Parameter(
        name, unit, startLow * 1e-6, startHigh * 1e6, startLow, startHigh, true, false);
  }

  /**
   * Returns a weight from 0 to 1 in a group of weights that sum to 1 ({@link LawForm#simplexes}).
   */
  public static Parameter weight(String name) {
    return new Parameter(name, "", 0, 1, 0, 1, false, false);
  }

  /**
   * Returns a parameter of either sign with starting values from {@code -reach} to {@code reach}.
   */
  public static Parameter signed(String name, double reach) {
    return new Parameter(name, "", -100 * reach, 100 * reach, -reach, reach, false, false);
  }
}
