package dev.mixlaw.api.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes whole quantities with the suffixes k, M, B (billion) and T. */
public final class Quantity {
  private static final Pattern SYNTAX =
      Pattern.compile("\\s*([0-9][0-9_]*(?:\\.[0-9]+)?)\\s*([kKmMbBgGtT]?)\\s*");

  private Quantity() {}

  /**
   * Reads {@code "20M"}, {@code "1.5B"}, {@code "250_000"}.
   *
   * @throws IllegalArgumentException if the text is not such a quantity or is not positive
   */
  public static long parse(String unit, String text) {
    Matcher m = SYNTAX.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          unit
              + ": \""
              + text
              + "\" is not a number; expected a positive number with an optional k, M, B or T, such"
              + " as 20M");
    }
    BigDecimal scale =
        switch (m.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> BigDecimal.valueOf(1_000L);
          case "m" -> BigDecimal.valueOf(1_000_000L);
          case "b", "g" -> BigDecimal.valueOf(1_000_000_000L);
          case "t" -> BigDecimal.valueOf(1_000_000_000_000L);
          default -> BigDecimal.ONE;
        };
    BigDecimal value =
        new BigDecimal(m.group(1).replace("_", ""))
            .multiply(scale)
            .setScale(0, RoundingMode.HALF_UP);
    return positive(unit, value.longValueExact());
  }

  public static long positive(String unit, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          unit + ": " + value + " given; expected a positive number");
    }
    return value;
  }

  /** Three significant digits and a suffix: {@code 1.25M}. */
  public static String format(double value) {
    String[] suffix = {"", "k", "M", "B", "T"};
    int i = 0;
    double v = value;
    while (v >= 999.5 && i < suffix.length - 1) {
      v /= 1000;
      i++;
    }
    String digits =
        i == 0 && v == Math.rint(v)
            ? Long.toString((long) v)
            : BigDecimal.valueOf(v)
                .round(new java.math.MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    return digits + suffix[i];
  }
}
