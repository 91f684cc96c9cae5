package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Tokens;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/** Numbers as people read them: no digit that their uncertainty leaves without meaning. */
final class Numbers {
  private static final int MOST_DECIMALS = 6;

  private static final int FEWEST_OF_LOSSES = 2;

  /** A ratio below this is none. */
  private static final double NO_RATIO = 0.005;

  /** An interval whose ends differ by this factor is written end by end. */
  private static final double WIDE = 30;

  private Numbers() {}

  static String loss(double value) {
    return decimals(value, 3);
  }

  /** {@code 1.82 (1.77 to 1.87)}. */
  static String estimate(Estimate e) {
    DoubleFunction<String> form = form(e, -MOST_DECIMALS);
    return form.apply(e.value()) + " (" + range(e.interval(), form) + ")";
  }

  /** {@code 1.04× (1.00 to 1.20)}. */
  static String ratio(Estimate e) {
    double low = e.interval().low() < NO_RATIO ? 0 : e.interval().low();
    Estimate shown = Estimate.of(e.value(), low, e.interval().high());
    DoubleFunction<String> form = form(shown, telling(shown, 1, -MOST_DECIMALS));
    return form.apply(shown.value()) + "× (" + range(shown.interval(), form) + ")";
  }

  /** Of losses, with signs: {@code +0.012}, {@code −0.034}. */
  static String difference(Estimate e) {
    return signed(form(e, telling(e, 0, FEWEST_OF_LOSSES))).apply(e.value());
  }

  /** The interval of {@link #difference}. */
  static String differenceRange(Estimate e) {
    if (Double.isInfinite(e.interval().low()) && Double.isInfinite(e.interval().high())) {
      return "no interval";
    }
    return range(e.interval(), signed(form(e, telling(e, 0, FEWEST_OF_LOSSES))));
  }

  /** Decimals that show on which side of {@code even} an interval ends, if three do. */
  private static int telling(Estimate e, double even, int fewest) {
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
   * How an estimate and its interval are written: the shorter way to an end of the interval to one
   * figure, to two below 3.
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

  /** Three significant digits at most. */
  static String plain(double value) {
    return short3(value).replaceFirst("\\.0+$", "");
  }

  /** Three significant digits. */
  static String short3(double value) {
    return significant(value, 3);
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

  /** A tick of an axis whose ticks are {@code step} apart. */
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
    return String.format(Locale.ROOT, "%." + places + "f", rounded).replace("-", "−");
  }

  /** Two decimals, such as {@code −0.70}. */
  static String correlation(double rho) {
    return decimals(rho, 2);
  }

  /** {@code 33 %}, {@code 12.5 %}, {@code 0.3 %}. */
  static String percent(double share) {
    double p = 100 * share;
    boolean whole = Math.abs(p - Math.rint(p)) < (p < 10 ? 0.05 : 0.4);
    return decimals(p, whole ? 0 : 1) + " %";
  }

  /** {@code 67 %}. */
  static String wholePercent(double share) {
    return decimals(100 * share, 0) + " %";
  }

  /** {@code 33 to 100 %}. */
  static String wholePercents(Interval shares) {
    String low = decimals(100 * shares.low(), 0);
    String high = decimals(100 * shares.high(), 0);
    return low.equals(high) ? low + " %" : low + " to " + high + " %";
  }

  /** {@code 46 %}, and on a line below {@code 37 to 54 %}, with digits by their uncertainty. */
  static String percentLines(Estimate share) {
    Interval interval = share.interval();
    Estimate p = Estimate.of(100 * share.value(), 100 * interval.low(), 100 * interval.high());
    DoubleFunction<String> form = form(p, 0);
    return form.apply(p.value()) + " %\n" + range(p.interval(), form) + " %";
  }

  /** {@code 0 to 33 %}; one of them where both are the same. */
  static String percents(Interval shares) {
    String low = percent(shares.low());
    String high = percent(shares.high());
    return low.equals(high) ? low : low.replace(" %", "") + " to " + high;
  }

  /** {@code 1.6M}. */
  static String count(double value) {
    return value >= 1 ? Tokens.tokens(Math.round(value)).toString() : short3(value);
  }
}
