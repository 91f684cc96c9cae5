package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Tokens;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * A formatter of numbers for readers. An estimate has only as many digits as its interval supports.
 */
final class Numbers {
  private static final int MOST_DECIMALS = 6;

  private static final int FEWEST_DECIMALS_OF_LOSSES = 2;

  /** Ratios below this value are shown as 0. */
  private static final double ZERO_RATIO = 0.005;

  /** Factor between the bounds of an interval above which each bound is formatted separately. */
  private static final double WIDE = 30;

  private Numbers() {}

  record Formatted(String value, String range) {
    @Override
    public String toString() {
      return value + " (" + range + ")";
    }

    /** Returns the text of a table cell, with the range on its second line. */
    String lines() {
      return value + "\n" + range;
    }
  }

  static String loss(double value) {
    return decimals(value, 3);
  }

  static Formatted estimate(Estimate e) {
    DoubleFunction<String> form = form(e, -MOST_DECIMALS);
    return new Formatted(form.apply(e.value()), range(e.interval(), form));
  }

  static Formatted ratio(Estimate e) {
    double low = e.interval().low() < ZERO_RATIO ? 0 : e.interval().low();
    Estimate shown = Estimate.of(e.value(), low, e.interval().high());
    DoubleFunction<String> form = form(shown, sideDecimals(shown, 1, -MOST_DECIMALS));
    return new Formatted(form.apply(shown.value()) + "×", range(shown.interval(), form));
  }

  /** Formats a difference of losses with its sign: {@code +0.012 (−0.001 to +0.025)}. */
  static Formatted difference(Estimate e) {
    DoubleFunction<String> form = signed(form(e, sideDecimals(e, 0, FEWEST_DECIMALS_OF_LOSSES)));
    boolean unknown =
        Double.isInfinite(e.interval().low()) && Double.isInfinite(e.interval().high());
    return new Formatted(
        form.apply(e.value()), unknown ? "no interval" : range(e.interval(), form));
  }

  /**
   * Returns the number of decimals that shows on which side of {@code even} the nearer bound of an
   * interval lies. Returns {@code fewest} if more than three decimals would be necessary.
   */
  private static int sideDecimals(Estimate e, double even, int fewest) {
    double gap =
        Math.min(Math.abs(e.interval().low() - even), Math.abs(e.interval().high() - even));
    double needed = Math.ceil(-Math.log10(2 * gap));
    return needed > 3 ? fewest : Math.max(fewest, (int) needed);
  }

  private static DoubleFunction<String> signed(DoubleFunction<String> form) {
    return value -> {
      String text = form.apply(value);
      return text.matches("[−0.]+") ? text.replace("−", "") : value > 0 ? "+" + text : text;
    };
  }

  private static String range(Interval interval, DoubleFunction<String> form) {
    String low = form.apply(interval.low());
    String high = form.apply(interval.high());
    return low.equals(high) ? low : low + " to " + high;
  }

  /**
   * Returns the format of an estimate and its interval. The distance from the value to the nearer
   * bound gets one significant digit, or two if its first digit is 1 or 2.
   */
  private static DoubleFunction<String> form(Estimate e, int fewest) {
    double low = e.interval().low();
    double high = e.interval().high();
    double way =
        DoubleStream.of(e.value() - low, high - e.value())
            .filter(w -> w > 1e-6 && Double.isFinite(w))
            .min()
            .orElse(0);
    boolean wide = low > 0 && high > WIDE * low;
    if (way == 0 || wide || Math.max(Math.abs(low), Math.abs(high)) >= 1e5) {
      return wide ? value -> significant(value, 2) : Numbers::short3;
    }
    int power = (int) Math.floor(Math.log10(way));
    int decimals = Math.max(fewest, (way / Math.pow(10, power) < 3 ? 1 : 0) - power);
    return value -> value == 0 ? "0" : decimals(value, decimals);
  }

  /** Formats a number with at most three significant digits and no trailing zeros. */
  static String plain(double value) {
    int digits = 1;
    while (digits < 3 && !rounds(value, digits)) {
      digits++;
    }
    return significant(value, digits);
  }

  private static boolean rounds(double value, int digits) {
    double unit = Math.pow(10, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
    return value == 0 || Math.abs(value * unit - Math.rint(value * unit)) < 0.005;
  }

  static String short3(double value) {
    return significant(value, 3);
  }

  static String rounded(double value) {
    return significant(value, 2);
  }

  static String pValue(double p) {
    return p < 0.001 ? "< 0.001" : decimals(p, 3);
  }

  private static String significant(double value, int digits) {
    if (value == 0 || !Double.isFinite(value)) {
      return decimals(value, 0);
    }
    int power = (int) Math.floor(Math.log10(Math.abs(value)));
    if (power >= 5 || power < -4) {
      String mantissa = decimals(value / Math.pow(10, power), digits - 1);
      return mantissa + "e" + (power < 0 ? "−" : "") + Math.abs(power);
    }
    return decimals(value, digits - 1 - power);
  }

  /** Formats a tick of an axis whose ticks are {@code step} apart. */
  static String stepped(double value, double step) {
    return Math.abs(value) >= 1e5
        ? short3(value)
        : decimals(value, Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9)));
  }

  private static String decimals(double value, int decimals) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    int places = Math.min(MOST_DECIMALS, Math.max(0, decimals));
    double unit = Math.pow(10, Math.max(0, -decimals));
    double rounded = decimals < 0 ? Math.rint(value / unit) * unit : value;
    return Texts.format("%." + places + "f", rounded).replace("-", "−");
  }

  static String correlation(double rho) {
    return decimals(rho, 2);
  }

  static Formatted correlation(Estimate rho) {
    return new Formatted(correlation(rho.value()), range(rho.interval(), Numbers::correlation));
  }

  static String percent(double share) {
    return percentNumber(share) + " %";
  }

  private static String percentNumber(double share) {
    double p = 100 * share;
    boolean whole = Math.abs(p - Math.rint(p)) < (p < 10 ? 0.05 : 0.4);
    return decimals(p, whole ? 0 : 1);
  }

  static String wholePercent(double share) {
    return wholePercentNumber(share) + " %";
  }

  private static String wholePercentNumber(double share) {
    return decimals(100 * share, 0);
  }

  static String wholePercents(Interval shares) {
    return range(shares, Numbers::wholePercentNumber) + " %";
  }

  /** Formats a share and its interval with as many digits as the interval supports. */
  static Formatted percent(Estimate share) {
    Estimate p = share.map(s -> 100 * s);
    DoubleFunction<String> form = form(p, 0);
    return new Formatted(form.apply(p.value()) + " %", range(p.interval(), form) + " %");
  }

  /**
   * Formats an interval of shares: {@code 0 to 33 %}, or {@code 33 %} if both bounds round to 33 %.
   */
  static String percents(Interval shares) {
    return range(shares, Numbers::percentNumber) + " %";
  }

  /** Formats a number of tokens or parameters: {@code 1.6M}. */
  static String count(double value) {
    return value >= 1 ? Tokens.tokens(Math.round(value)).toString() : short3(value);
  }
}
