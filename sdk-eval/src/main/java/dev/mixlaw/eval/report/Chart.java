package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A chart of points with intervals and curves with bands over one horizontal axis.
 *
 * @param title title that screen readers read out
 * @param across style of the horizontal axis
 * @param up style of the vertical axis
 * @param lines lines in the order of the legend
 * @param marked range of the horizontal axis that is highlighted
 * @param legend whether the drawing has a legend
 * @param width width in pixels
 * @param height height in pixels, without the legend
 */
record Chart(
    String title,
    AxisStyle across,
    AxisStyle up,
    List<Line> lines,
    Optional<double[]> marked,
    boolean legend,
    int width,
    int height) {

  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 26;
  private static final int BOTTOM = 46;
  private static final int LEGEND_LINE = 22;

  /**
   * How far below the lowest point the axis may extend to show a floor, as a multiple of the axis
   * length.
   */
  private static final double REACH = 1.5;

  /**
   * Style of an axis.
   *
   * @param label label with the unit
   * @param text format of ticks; default: as many decimals as their distance needs
   */
  record AxisStyle(String label, boolean logarithmic, Optional<DoubleFunction<String>> text) {}

  /**
   * The points and the curve of one item, such as a mixture.
   *
   * @param name name in the legend
   * @param index index that determines colour and marker
   * @param points measured values
   * @param heldOut measured values that were held out of the fit
   * @param curve fitted values with their band; empty if there is no law
   * @param floor lower limit of the curve
   * @param joined whether the points are connected by a dotted line
   */
  record Line(
      String name,
      int index,
      List<Point> points,
      List<Point> heldOut,
      List<Point> curve,
      OptionalDouble floor,
      boolean joined) {

    /** Returns a line of measured points. */
    static Line measured(String name, int index, List<Point> points) {
      return new Line(name, index, points, List.of(), List.of(), OptionalDouble.empty(), true);
    }
  }

  /** A value with its interval. */
  record Point(double x, double y, double low, double high) {
    /** Bounds that are not finite are not drawn. */
    Point {
      low = Double.isFinite(low) ? low : y;
      high = Double.isFinite(high) ? high : y;
    }

    static Point of(double x, Estimate y) {
      return new Point(x, y.value(), y.interval().low(), y.interval().high());
    }

    /** Creates a point without an interval. */
    static Point of(double x, double y) {
      return new Point(x, y, y, y);
    }
  }

  Drawing drawing() {
    int top = TOP + (legend ? LEGEND_LINE * lines.size() : 0);
    int bottom = top - TOP + height - BOTTOM;
    double[] xs = points().mapToDouble(Point::x).toArray();
    Axis x =
        Axis.of(
            across.logarithmic(),
            DoubleStream.of(xs).min().orElse(1),
            DoubleStream.of(xs).max().orElse(10),
            LEFT,
            width - RIGHT);
    Axis y = vertical(top, bottom);
    Markup out = new Markup();
    if (legend) {
      legend(out);
    }
    marked.ifPresent(
        b ->
            out.add(
                "<rect class=\"marked\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
                Markup.num(x.at(b[0]) - 5),
                top,
                Markup.num(x.at(b[1]) - x.at(b[0]) + 10),
                bottom - top));
    horizontalLines(out, y);
    out.add("<text class=\"soft\" x=\"4\" y=\"%s\">%s</text>", top - 12, up.label());
    ticksAcross(out, x, bottom);
    out.add(
        "<svg x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" viewBox=\"%s %s %s %s\">",
        LEFT,
        top,
        width - RIGHT - LEFT,
        bottom - top,
        LEFT,
        top,
        width - RIGHT - LEFT,
        bottom - top);
    lines.forEach(s -> curve(out, s, x, y));
    out.raw("</svg>");
    lines.forEach(s -> points(out, s, x, y));
    return new Drawing(Drawing.Fit.SCALED, title, description(), width, top - TOP + height, out);
  }

  private Stream<Point> points() {
    return lines.stream().flatMap(s -> Stream.concat(s.points().stream(), s.heldOut().stream()));
  }

  private Axis vertical(int top, int bottom) {
    double least = points().mapToDouble(p -> Math.min(p.y(), p.low())).min().orElse(0);
    double most = points().mapToDouble(p -> Math.max(p.y(), p.high())).max().orElse(1);
    boolean logarithmic = up.logarithmic() && least > 0;
    Axis near = Axis.of(logarithmic, least, most, bottom, top);
    double lowest =
        lines.stream()
            .flatMapToDouble(s -> s.floor().stream())
            .filter(f -> near.reaches(f, REACH))
            .min()
            .orElse(least);
    return Axis.of(logarithmic, Math.min(least, lowest), most, bottom, top);
  }

  private void legend(Markup out) {
    int y = LEGEND_LINE / 2;
    for (Line s : lines) {
      out.add("<g class=\"%s\" transform=\"translate(4 %s)\">", Palette.colour(s.index()), y - 7)
          .raw(Palette.key(s.index()))
          .add("</g><text x=\"36\" y=\"%s\">%s</text>", y + 4, s.name());
      y += LEGEND_LINE;
    }
  }

  private void horizontalLines(Markup out, Axis y) {
    List<Double> ticks = y.ticks(5);
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 1;
    for (double tick : ticks) {
      String at = Markup.num(y.at(tick));
      out.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, width - RIGHT, at, at);
      out.add(
          "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>",
          LEFT - 6,
          Markup.num(y.at(tick) + 4),
          up.text().map(t -> t.apply(tick)).orElseGet(() -> Numbers.stepped(tick, step)));
    }
  }

  private void ticksAcross(Markup out, Axis x, int bottom) {
    List<Double> ticks = x.ticks(6);
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 1;
    int letter = width > Drawing.PHONE ? 10 : 7; // text of wide drawings is larger on a phone
    double last = -1e9;
    for (double tick : ticks) {
      String text =
          across.text().map(t -> t.apply(tick)).orElseGet(() -> Numbers.stepped(tick, step));
      String at = Markup.num(x.at(tick));
      out.add(
          "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          at, at, bottom, bottom + 4);
      if (x.at(tick) - last > letter * text.length() + 8) {
        out.add(
            "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
            at, bottom + 18, text);
        last = x.at(tick);
      }
    }
    out.add(
        "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        LEFT, width - RIGHT, bottom, bottom);
    out.add(
        "<text class=\"soft\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
        (LEFT + width - RIGHT) / 2, bottom + 38, across.label());
  }

  private void curve(Markup out, Line s, Axis x, Axis y) {
    out.add("<g class=\"%s\">", Palette.colour(s.index()));
    if (s.curve().stream().anyMatch(p -> p.low() < p.high())) {
      StringBuilder path = new StringBuilder("M");
      s.curve()
          .forEach(p -> path.append(at(x, p.x())).append(' ').append(at(y, p.high())).append(' '));
      for (int i = s.curve().size() - 1; i >= 0; i--) {
        Point p = s.curve().get(i);
        path.append(at(x, p.x())).append(' ').append(at(y, p.low())).append(' ');
      }
      out.raw(
          "<path fill=\"currentColor\" fill-opacity=\".09\" stroke=\"currentColor\" stroke-opacity=\".35\" stroke-width=\".6\" d=\""
              + path
              + "Z\"/>");
    }
    line(out, s.curve(), x, y, "stroke-width=\"1.8\"");
    if (s.joined()) {
      line(out, s.points(), x, y, "stroke-width=\"1.5\" stroke-dasharray=\"2 3\"");
    }
    s.floor()
        .ifPresent(
            f ->
                out.raw(
                    "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.3\" stroke-dasharray=\"7 4\" d=\"M"
                        + LEFT
                        + " "
                        + at(y, f)
                        + "H"
                        + (width - RIGHT)
                        + "\"/>"));
    out.raw("</g>");
  }

  private static void line(Markup out, List<Point> points, Axis x, Axis y, String style) {
    if (points.size() > 1) {
      String path =
          points.stream()
              .map(p -> at(x, p.x()) + " " + at(y, p.y()))
              .collect(Collectors.joining("L"));
      out.raw("<path fill=\"none\" stroke=\"currentColor\" " + style + " d=\"M" + path + "\"/>");
    }
  }

  /** Returns a coordinate, limited to a little outside the drawing. */
  private static String at(Axis axis, double value) {
    return Markup.num(Math.max(-1e4, Math.min(1e4, axis.at(value))));
  }

  private static void points(Markup out, Line s, Axis x, Axis y) {
    out.add("<g class=\"%s\">", Palette.colour(s.index()));
    for (Point p : s.points()) {
      if (p.low() < p.high()) {
        String at = Markup.num(x.at(p.x()));
        out.add(
            "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" stroke=\"currentColor\" stroke-width=\"1.2\"/>",
            at, at, Markup.num(y.at(p.low())), Markup.num(y.at(p.high())));
      }
      out.raw(Palette.marker(s.index(), x.at(p.x()), y.at(p.y()), "fill=\"currentColor\""));
    }
    for (Point p : s.heldOut()) {
      out.raw(
          Palette.marker(
              s.index(),
              x.at(p.x()),
              y.at(p.y()),
              "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\""));
    }
    out.raw("</g>");
  }

  private String description() {
    return across.label()
        + " across, "
        + up.label()
        + " up. "
        + lines.stream().map(this::inWords).collect(Collectors.joining(" "));
  }

  private String inWords(Line s) {
    if (s.points().isEmpty()) {
      return s.name() + ": no point.";
    }
    Point first = s.points().get(0);
    Point last = s.points().get(s.points().size() - 1);
    return String.format(
        Locale.ROOT,
        "%s: %d points, %s at %s to %s at %s%s.",
        s.name(),
        s.points().size(),
        Numbers.short3(first.y()),
        across.text().map(t -> t.apply(first.x())).orElseGet(() -> Numbers.short3(first.x())),
        Numbers.short3(last.y()),
        across.text().map(t -> t.apply(last.x())).orElseGet(() -> Numbers.short3(last.x())),
        s.floor().isPresent() ? ", floor " + Numbers.short3(s.floor().getAsDouble()) : "");
  }
}
