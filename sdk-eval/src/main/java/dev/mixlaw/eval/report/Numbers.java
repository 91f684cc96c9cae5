package dev.mixlaw.eval.report;

import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.Tokens;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  static String loss(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** With its sign: {@code +0.012}, {@code −0.034}. */
  static String difference(double value) {
    return String.format(Locale.ROOT, "%+.3f", value).replace('-', '−');
  }

  static String range(double low, double high) {
    return significant(low) + " to " + significant(high);
  }

  static String estimate(Estimate e) {
    return significant(e.value()) + " (" + range(e.interval().low(), e.interval().high()) + ")";
  }

  /** Four significant digits. */
  static String significant(double value) {
    if (value == 0) {
      return "0";
    }
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    String text =
        size >= 1e6 || size < 1e-4
            ? String.format(Locale.ROOT, "%.3g", value)
            : String.format(
                Locale.ROOT,
                "%." + Math.max(0, 3 - (int) Math.floor(Math.log10(size))) + "f",
                value);
    return text.replace("-", "−");
  }

  static String percent(double share) {
    double p = 100 * share;
    return (Math.abs(p - Math.rint(p)) < 0.05
            ? Long.toString(Math.round(p))
            : String.format(Locale.ROOT, "%.1f", p))
        + " %";
  }

  /** {@code 1.6M}. */
  static String count(double value) {
    return value >= 1 ? Tokens.tokens(Math.round(value)).toString() : "0";
  }
}
