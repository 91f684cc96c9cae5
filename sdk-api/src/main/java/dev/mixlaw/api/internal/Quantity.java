package dev.mixlaw.api.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and formats numbers with the suffixes k, M, B (billion) and T, durations and sizes in
 * bytes.
 */
public final class Quantity {
  private static final Pattern SYNTAX =
      Pattern.compile("\\s*([0-9][0-9_]*(?:\\.[0-9]+)?)\\s*([kKmMbBgGtT]?)\\s*");

  private Quantity() {}

  /**
   * Parses a number such as {@code "20M"}, {@code "1.5B"} or {@code "250_000"}, and rounds it to a
   * whole number.
   *
   * @param unit name of what is counted, for the message
   * @throws IllegalArgumentException if the text is not such a number, or the number is not
   *     positive
   */
  public static long parse(String unit, String text) {
    Matcher m = SYNTAX.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "%s: \"%s\" is not a number; expected a positive number with an optional k, M, B or T, such as 20M"
              .formatted(unit, text));
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

  /**
   * Returns the given number if it is positive.
   *
   * @param unit name of what is counted, for the message
   * @throws IllegalArgumentException if the number is 0 or below
   */
  public static long positive(String unit, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          unit + ": " + value + " given; expected a positive number");
    }
    return value;
  }

  /** Formats a number with three significant digits and a suffix, as in {@code 1.25M}. */
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
            : BigDecimal.valueOf(v).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    return digits + suffix[i];
  }

  /** Formats a duration, as in {@code 45 s}, {@code 12 min} or {@code 1.5 h}. */
  public static String time(long seconds) {
    if (seconds < 90) {
      return seconds + " s";
    }
    return seconds < 5400
        ? Math.round(seconds / 60.0) + " min"
        : Texts.format("%.1f h", seconds / 3600.0);
  }

  /** Formats a size, as in {@code 250 MB} or {@code 1.5 GB}. */
  public static String bytes(long bytes) {
    return bytes < 1_000_000_000L
        ? Math.round(bytes / 1e6) + " MB"
        : Texts.format("%.1f GB", bytes / 1e9);
  }
}
