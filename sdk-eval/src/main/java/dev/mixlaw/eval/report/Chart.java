package dev.mixlaw.eval.report;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Points with intervals and curves over one horizontal axis, as SVG.
 *
 * @param title read out by screen readers
 * @param xLabel below the axis
 * @param yLabel above the axis
 * @param logarithmic the horizontal axis
 * @param xText how its ticks are written
 * @param series in the order of the legend
 * @param band a range of x that is marked
 * @param width in pixels
 * @param height in pixels
 */
record Chart(
    String title,
    String xLabel,
    String yLabel,
    boolean logarithmic,
    DoubleFunction<String> xText,
    List<Series> series,
    Optional<double[]> band,
    int width,
    int height) {

  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 24;
  private static final int BOTTOM = 42;

  /**
   * One mixture, say.
   *
   * @param name in the legend
   * @param index decides colour and marker
   * @param points measured
   * @param curve fitted; empty where there is no law
   * @param joined whether the points are joined by a line
   */
  record Series(String name, int index, List<Point> points, List<double[]> curve, boolean joined) {}

  /** A measured value with its interval. */
  record Point(double x, double y, double low, double high) {
    /** An end of the interval that is not a number is not drawn. */
    Point {
      low = Double.isFinite(low) ? low : y;
      high = Double.isFinite(high) ? high : y;
    }
  }

  String svg() {
    Axis x = xAxis();
    Axis y = yAxis();
    Markup out = new Markup();
    out.add(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\"><title>%s</title>",
        width, height, width, height, title);
    band.ifPresent(
        b ->
            out.add(
                "<rect class=\"band\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
                Markup.num(x.at(b[0]) - 5),
                TOP,
                Markup.num(x.at(b[1]) - x.at(b[0]) + 10),
                height - TOP - BOTTOM));
    axes(out, x, y);
    for (Series s : series) {
      draw(out, s, x, y);
    }
    return out.raw("</svg>").toString();
  }

  private Axis xAxis() {
    double[] xs = points().mapToDouble(Point::x).toArray();
    double least = DoubleStream.of(xs).min().orElse(1);
    double most = DoubleStream.of(xs).max().orElse(10);
    return logarithmic
        ? Axis.logarithmic(least, most, LEFT, width - RIGHT)
        : Axis.linear(least, most, LEFT, width - RIGHT);
  }

  private Axis yAxis() {
    double least = points().mapToDouble(p -> Math.min(p.y(), p.low())).min().orElse(0);
    double most = points().mapToDouble(p -> Math.max(p.y(), p.high())).max().orElse(1);
    return Axis.linear(least, most, height - BOTTOM, TOP);
  }

  private Stream<Point> points() {
    return series.stream().flatMap(s -> s.points().stream());
  }

  private void axes(Markup out, Axis x, Axis y) {
    for (double tick : y.ticks(5)) {
      String at = Markup.num(y.at(tick));
      out.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, width - RIGHT, at, at);
      out.add(
          "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>",
          LEFT - 6, Markup.num(y.at(tick) + 4), Numbers.significant(tick));
    }
    double last = -1e9;
    for (double tick : x.ticks(6)) {
      String text = xText.apply(tick);
      String at = Markup.num(x.at(tick));
      out.add(
          "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          at, at, height - BOTTOM, height - BOTTOM + 4);
      if (x.at(tick) - last > 7 * text.length() + 8) {
        out.add(
            "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
            at, height - BOTTOM + 17, text);
        last = x.at(tick);
      }
    }
    out.add(
        "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        LEFT, width - RIGHT, height - BOTTOM, height - BOTTOM);
    out.add(
        "<text class=\"label\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
        (LEFT + width - RIGHT) / 2, height - 6, xLabel);
    out.add("<text class=\"label\" x=\"4\" y=\"12\">%s</text>", yLabel);
  }

  private static void draw(Markup out, Series s, Axis x, Axis y) {
    String colour = Palette.colour(s.index());
    line(out, s.curve(), x, y, colour, "");
    if (s.joined()) {
      line(
          out,
          s.points().stream().map(p -> new double[] {p.x(), p.y()}).toList(),
          x,
          y,
          colour,
          " stroke-dasharray=\"2 3\"");
    }
    for (Point p : s.points()) {
      String at = Markup.num(x.at(p.x()));
      out.add(
          "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"1.2\"/>",
          at, at, Markup.num(y.at(p.low())), Markup.num(y.at(p.high())), colour);
      out.raw(Palette.marker(s.index(), x.at(p.x()), y.at(p.y())));
    }
  }

  private static void line(
      Markup out, List<double[]> points, Axis x, Axis y, String colour, String dashes) {
    if (points.size() < 2) {
      return;
    }
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (double[] p : points) {
      boolean inside = p[0] >= x.low() && p[0] <= x.high() && p[1] >= y.low() && p[1] <= y.high();
      if (inside) {
        path.append(pen ? 'L' : 'M')
            .append(Markup.num(x.at(p[0])))
            .append(' ')
            .append(Markup.num(y.at(p[1])));
      }
      pen = inside;
    }
    out.raw(
        "<path fill=\"none\" stroke-width=\"1.8\" stroke=\""
            + colour
            + "\""
            + dashes
            + " d=\""
            + path
            + "\"/>");
  }
}
