package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** A chart that draws points with intervals, and curves with confidence bands. */
final class Chart {
  /** Width in pixels of a chart that fills half the width of a page. */
  static final int WIDE = 556;

  private static final int NARROW = 364;
  private static final int LOW = 256;
  private static final int HIGH = 360;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 26;
  private static final int BOTTOM = 46;
  private static final int LEGEND_LINE = 22;

  /** Horizontal offset in pixels between successive lines if {@link #spread()} was called. */
  private static final double SPREAD = 4;

  /**
   * Largest distance by which the axis extends below the lowest point to show the lower limit of a
   * curve, as a multiple of the axis length.
   */
  private static final double REACH = 1.5;

  private final String title;
  private final AxisStyle across;
  private final AxisStyle up;
  private final List<Line> lines;
  private int width = NARROW;
  private int height = LOW;
  private boolean legend;
  private boolean spread;
  private Optional<Interval> marked = Optional.empty();

  /**
   * Creates a small chart without a legend.
   *
   * @param title title for screen readers
   * @param lines lines in the order of the legend
   */
  Chart(String title, AxisStyle across, AxisStyle up, List<Line> lines) {
    this.title = title;
    this.across = across;
    this.up = up;
    this.lines = List.copyOf(lines);
  }

  /** Sets the size in pixels, excluding the legend. */
  Chart size(int newWidth, int newHeight) {
    width = newWidth;
    height = newHeight;
    return this;
  }

  Chart wide() {
    return size(WIDE, HIGH);
  }

  Chart legend() {
    legend = true;
    return this;
  }

  /** Offsets the lines horizontally by a few pixels so that their intervals do not overlap. */
  Chart spread() {
    spread = true;
    return this;
  }

  Chart marked(Interval range) {
    marked = Optional.of(range);
    return this;
  }

  record AxisStyle(String label, boolean logarithmic, Optional<DoubleFunction<String>> text) {
    static AxisStyle linear(String label) {
      return new AxisStyle(label, false, Optional.empty());
    }

    static AxisStyle logarithmic(String label) {
      return new AxisStyle(label, true, Optional.empty());
    }

    AxisStyle text(DoubleFunction<String> format) {
      return new AxisStyle(label, logarithmic, Optional.of(format));
    }

    private Axis axis(DoubleStream values, double from, double to) {
      double[] sorted = values.sorted().toArray();
      return sorted.length == 0
          ? Axis.of(logarithmic, 1, 10, from, to)
          : Axis.of(logarithmic, sorted[0], sorted[sorted.length - 1], from, to);
    }

    private String words(double value) {
      return text.map(t -> t.apply(value)).orElseGet(() -> Numbers.short3(value));
    }
  }

  /**
   * The points and the curve of one item, such as a mixture. If there is no curve, a dotted line
   * connects the points.
   *
   * @param index index that determines the color and the marker
   * @param heldOut measured values that were held out of the fit
   * @param curve fitted values with their confidence band; empty if there is no law
   * @param floor lower limit of the curve, drawn as a dashed line; may be empty
   */
  record Line(
      String name,
      int index,
      List<Point> points,
      List<Point> heldOut,
      List<Point> curve,
      OptionalDouble floor) {
    static Line measured(String name, int index, List<Point> points) {
      return new Line(name, index, points, List.of(), List.of(), OptionalDouble.empty());
    }

    /** Returns a diagonal, where measured and predicted values are equal, that spans all points. */
    static List<Point> diagonal(List<Point> points, List<Point> more) {
      double[] values =
          Stream.concat(points.stream(), more.stream())
              .flatMapToDouble(p -> DoubleStream.of(p.x(), p.y()))
              .sorted()
              .toArray();
      return DoubleStream.of(values[0], values[values.length - 1])
          .mapToObj(v -> Point.of(v, v))
          .toList();
    }
  }

  record Point(double x, double y, double low, double high) {
    /** Replaces bounds that are not finite by the value itself, so that they are not drawn. */
    Point {
      low = Double.isFinite(low) ? low : y;
      high = Double.isFinite(high) ? high : y;
    }

    static Point of(double x, Estimate y) {
      return new Point(x, y.value(), y.interval().low(), y.interval().high());
    }

    static Point of(double x, double y) {
      return new Point(x, y, y, y);
    }
  }

  Drawing drawing() {
    int top = TOP + (legend ? LEGEND_LINE * lines.size() : 0);
    int bottom = top - TOP + height - BOTTOM;
    int right = width - RIGHT;
    Axis x = across.axis(points().mapToDouble(Point::x), LEFT, right);
    Axis y = vertical(top, bottom);
    Markup out = new Markup();
    if (legend) {
      legend(out);
    }
    marked.ifPresent(
        m ->
            out.add(
                "<rect class=\"marked\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
                x.at(m.low()) - 5, top, x.at(m.high()) - x.at(m.low()) + 10, bottom - top));
    for (Axis.Tick tick : y.ticks(5, up.text())) {
      out.line("grid", LEFT, tick.at(), right, tick.at());
      out.text("tick", LEFT - 6, tick.at() + 4, "end", tick.text());
    }
    out.text("soft", 4, top - 12, "start", up.label());
    List<Axis.Tick> ticks = x.ticks(6, across.text());
    ticks.forEach(t -> out.line("axis", t.at(), bottom, t.at(), bottom + 4));
    // Text in wide drawings is larger on phones.
    Axis.texts(out, ticks, bottom + 18, width > Drawing.PHONE ? 10 : 7);
    out.line("axis", LEFT, bottom, right, bottom);
    out.text("soft", (LEFT + right) / 2, bottom + 38, "middle", across.label());
    out.add(
        "<svg x=\"%1$s\" y=\"%2$s\" width=\"%3$s\" height=\"%4$s\" viewBox=\"%1$s %2$s %3$s %4$s\">",
        LEFT, top, right - LEFT, bottom - top);
    lines.forEach(s -> curve(out, s, of(s, x), y));
    out.raw("</svg>");
    lines.forEach(s -> points(out, s, of(s, x), y));
    return new Drawing(Drawing.Fit.SCALED, title, description(), width, top - TOP + height, out);
  }

  /** Returns the horizontal axis for a line, which is offset if the lines are spread. */
  private Axis of(Line line, Axis x) {
    return spread ? x.moved(SPREAD * (lines.indexOf(line) - (lines.size() - 1) / 2.0)) : x;
  }

  private Stream<Point> points() {
    return lines.stream().flatMap(s -> Stream.concat(s.points().stream(), s.heldOut().stream()));
  }

  private Axis vertical(int top, int bottom) {
    double[] values =
        points().flatMapToDouble(p -> DoubleStream.of(p.low(), p.y(), p.high())).toArray();
    boolean logarithmic = up.logarithmic() && DoubleStream.of(values).allMatch(v -> v > 0);
    AxisStyle style = new AxisStyle(up.label(), logarithmic, up.text());
    Axis near = style.axis(DoubleStream.of(values), bottom, top);
    DoubleStream floors =
        lines.stream().flatMapToDouble(s -> s.floor().stream()).filter(f -> near.reaches(f, REACH));
    return style.axis(DoubleStream.concat(DoubleStream.of(values), floors), bottom, top);
  }

  private void legend(Markup out) {
    int y = LEGEND_LINE / 2;
    for (Line s : lines) {
      out.add("<g class=\"%s\" transform=\"translate(4 %s)\">", Markup.colour(s.index()), y - 7)
          .raw(Markup.key(s.index()) + "</g>")
          .text("", 36, y + 4, "start", s.name());
      y += LEGEND_LINE;
    }
  }

  private void curve(Markup out, Line s, Axis x, Axis y) {
    out.add("<g class=\"%s\">", Markup.colour(s.index()));
    if (s.curve().stream().anyMatch(p -> p.low() < p.high())) {
      List<Point> back = new ArrayList<>(s.curve());
      Collections.reverse(back);
      Stream<String> upper = s.curve().stream().map(p -> at(x, p.x()) + " " + at(y, p.high()));
      Stream<String> lower = back.stream().map(p -> at(x, p.x()) + " " + at(y, p.low()));
      out.add(
          "<path fill=\"currentColor\" fill-opacity=\".09\" stroke=\"currentColor\" stroke-opacity=\".35\" stroke-width=\".6\" d=\"M%s Z\"/>",
          Stream.concat(upper, lower).collect(Collectors.joining(" ")));
    }
    path(out, s.curve(), x, y, "stroke-width=\"1.8\"");
    if (s.curve().isEmpty()) {
      path(out, s.points(), x, y, "stroke-width=\"1.5\" stroke-dasharray=\"2 3\"");
    }
    s.floor()
        .ifPresent(
            f ->
                out.add(
                    "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.3\" stroke-dasharray=\"7 4\" d=\"M%s %sH%s\"/>",
                    LEFT, at(y, f), width - RIGHT));
    out.raw("</g>");
  }

  private static void path(Markup out, List<Point> points, Axis x, Axis y, String style) {
    if (points.size() > 1) {
      String path =
          points.stream()
              .map(p -> at(x, p.x()) + " " + at(y, p.y()))
              .collect(Collectors.joining("L"));
      out.raw("<path fill=\"none\" stroke=\"currentColor\" " + style + " d=\"M" + path + "\"/>");
    }
  }

  /** Formats the pixel position of a value, clamped so that SVG viewers can handle it. */
  private static String at(Axis axis, double value) {
    return Markup.num(Math.max(-1e4, Math.min(1e4, axis.at(value))));
  }

  private static void points(Markup out, Line s, Axis x, Axis y) {
    out.add(
        "<g class=\"%s\" stroke=\"currentColor\" stroke-width=\"1.2\">", Markup.colour(s.index()));
    for (Point p : s.points()) {
      if (p.low() < p.high()) {
        out.line("", x.at(p.x()), y.at(p.low()), x.at(p.x()), y.at(p.high()));
      }
      out.raw(Markup.marker(s.index(), x.at(p.x()), y.at(p.y()), Markup.FILLED));
    }
    for (Point p : s.heldOut()) {
      out.raw(Markup.marker(s.index(), x.at(p.x()), y.at(p.y()), Markup.HOLLOW));
    }
    out.raw("</g>");
  }

  private String description() {
    return Texts.format(
        "Horizontal axis: %s. Vertical axis: %s. %s",
        across.label(),
        up.label(),
        lines.stream().map(this::inWords).collect(Collectors.joining(" ")));
  }

  private String inWords(Line s) {
    if (s.points().isEmpty()) {
      return s.name() + ": no points.";
    }
    Point first = s.points().get(0);
    Point last = s.points().get(s.points().size() - 1);
    return Texts.format(
        "%s: %s points, %s at %s to %s at %s%s.",
        s.name(),
        s.points().size(),
        Numbers.short3(first.y()),
        across.words(first.x()),
        Numbers.short3(last.y()),
        across.words(last.x()),
        s.floor().isPresent() ? ", floor " + Numbers.short3(s.floor().getAsDouble()) : "");
  }

  /**
   * A linear or logarithmic axis that maps values to pixels and chooses ticks.
   *
   * @param low value at the beginning of the axis; on a logarithmic axis, the logarithm of this
   *     value
   * @param high value at the end of the axis; on a logarithmic axis, the logarithm of this value
   * @param from position of the beginning, in pixels
   * @param to position of the end, in pixels
   */
  record Axis(double low, double high, double from, double to, boolean logarithmic) {
    private static final int FEWEST_TICKS = 3;

    /** A tick on the axis: its position in pixels and its label. */
    record Tick(double at, String text) {}

    /**
     * Returns an axis that extends slightly beyond the values. A logarithmic axis needs values
     * above 0.
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
     * @param about approximate number of ticks
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
}
