package dev.mixlaw.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * A linear or logarithmic axis that maps values to pixels and chooses ticks.
 *
 * @param low value at the beginning of the axis; on a logarithmic axis, the logarithm of this value
 * @param high value at the end of the axis; on a logarithmic axis, the logarithm of this value
 * @param from position of the beginning, in pixels
 * @param to position of the end, in pixels
 */
record Axis(double low, double high, double from, double to, boolean logarithmic) {
  private static final int FEWEST_TICKS = 3;

  /** A tick on the axis: its position in pixels and its label. */
  record Tick(double at, String text) {}

  /**
   * Returns an axis that extends slightly beyond the values. A logarithmic axis needs values above
   * 0.
   */
  static Axis of(boolean logarithmic, double least, double most, double from, double to) {
    double margin =
        most > least
            ? 0.06 * (logarithmic ? Math.log(most / least) : most - least)
            : logarithmic ? 0.5 : Math.max(1e-3, 0.05 * Math.abs(most));
    double low = logarithmic ? Math.log(least) : least;
    double high = logarithmic ? Math.log(most) : most;
    return new Axis(low - margin, high + margin, from, to, logarithmic);
  }

  Axis moved(double pixels) {
    return new Axis(low, high, from + pixels, to + pixels, logarithmic);
  }

  double at(double value) {
    double v = logarithmic ? Math.log(value) : value;
    return from + (v - low) / (high - low) * (to - from);
  }

  boolean reaches(double value, double times) {
    double v = logarithmic ? Math.log(value) : value;
    return v <= high && v >= low - times * (high - low);
  }

  private double lowest() {
    return logarithmic ? Math.exp(low) : low;
  }

  private double highest() {
    return logarithmic ? Math.exp(high) : high;
  }

  /**
   * Returns ticks at multiples of 1, 2 or 5 times a power of ten, or equidistant ticks.
   *
   * @param format format of the labels; by default, labels have as many decimals as the distance
   *     between ticks requires
   */
  List<Tick> ticks(int about, Optional<DoubleFunction<String>> format) {
    List<Double> values = values(about);
    double step = values.size() > 1 ? values.get(1) - values.get(0) : 1;
    DoubleFunction<String> text = format.orElse(v -> Numbers.stepped(v, step));
    return values.stream().map(v -> new Tick(at(v), text.apply(v))).toList();
  }

  /**
   * Writes the tick labels below a horizontal axis. Labels that would overlap are omitted.
   *
   * @param letter width of the widest letter in the labels, in pixels
   */
  static void texts(Markup out, List<Tick> ticks, int y, int letter) {
    double last = Double.NEGATIVE_INFINITY;
    for (Tick tick : ticks) {
      if (tick.at() - last > letter * tick.text().length() + 8) {
        out.text("tick", tick.at(), y, "middle", tick.text());
        last = tick.at();
      }
    }
  }

  private List<Double> values(int about) {
    if (logarithmic) {
      List<Double> ticks = logarithmicTicks();
      if (ticks.size() >= FEWEST_TICKS) {
        return ticks;
      }
    }
    return evenTicks(about);
  }

  private List<Double> evenTicks(int about) {
    double raw = (highest() - lowest()) / about;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        raw / power < 1.5
            ? power
            : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(lowest() / step); i * step <= highest(); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> logarithmicTicks() {
    boolean many = high - low > Math.log(1e3);
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(low / Math.log(10));
        Math.pow(10, power) <= highest();
        power++) {
      for (int digit : many ? new int[] {1} : new int[] {1, 2, 5}) {
        double tick = digit * Math.pow(10, power);
        if (tick >= lowest() && tick <= highest()) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
