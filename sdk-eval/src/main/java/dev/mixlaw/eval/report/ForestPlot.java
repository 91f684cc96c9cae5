package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Draws estimates with their 95 % intervals in rows, with a reference line at no difference.
 * Intervals that exclude the line are coloured, blue for better and orange for worse.
 *
 * <pre>{@code
 * ForestPlot.differences("Loss against natural text", "nats per token")
 *     .row("rephrased", difference)
 *     .drawing();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class ForestPlot {
  private static final int WIDTH = 556;
  private static final int LEFT = 236;
  private static final int RIGHT = 16;
  private static final int TOP = 10;
  private static final int LINE = 21;
  private static final int GAP = 9;
  private static final int BOTTOM = 48;

  /**
   * An interval that exceeds this multiple of the largest value is cut off and marked with an
   * arrow.
   */
  private static final double REACH = 2;

  private final String title;
  private final String label;
  private final boolean ratio;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String name, String text, Optional<Estimate> estimate, boolean decided) {}

  private ForestPlot(String title, String label, boolean ratio) {
    this.title = Objects.requireNonNull(title, "title");
    this.label = Objects.requireNonNull(label, "label");
    this.ratio = ratio;
  }

  /**
   * Creates a plot of differences, such as those between losses. 0 is no difference, below 0 is
   * better.
   */
  public static ForestPlot differences(String title, String label) {
    return new ForestPlot(title, label, false);
  }

  /** Creates a plot of ratios, such as speed-ups, on a logarithmic axis: above 1 is better. */
  public static ForestPlot ratios(String title, String label) {
    return new ForestPlot(title, label, true);
  }

  /** Adds an estimate under a name; an empty name continues the row above. */
  public ForestPlot row(String name, Estimate estimate) {
    return row(name, "", estimate);
  }

  /**
   * Adds an estimate under a name.
   *
   * @param name name of the row; empty to continue the row above
   * @param basis text before the numbers, such as {@code measured}; may be empty
   */
  public ForestPlot row(String name, String basis, Estimate estimate) {
    return row(name, basis, estimate, !estimate.interval().contains(none()));
  }

  /** Adds a comparison, coloured if it is significant after adjustment. */
  ForestPlot row(String name, Comparison comparison) {
    return row(name, "", comparison.difference(), comparison.significant());
  }

  private ForestPlot row(String name, String basis, Estimate estimate, boolean decided) {
    String numbers =
        ratio ? Numbers.ratio(estimate).toString() : Numbers.difference(estimate).toString();
    rows.add(new Row(name, (basis + " " + numbers).strip(), Optional.of(estimate), decided));
    return this;
  }

  /** Adds a text in place of an estimate, such as {@code never}. */
  public ForestPlot row(String name, String words) {
    rows.add(new Row(name, words, Optional.empty(), false));
    return this;
  }

  /** Writes the drawing to a separate file; see {@link Drawing#write}. */
  public void write(Path svg) {
    drawing().write(svg);
  }

  /** Returns the drawing, for a page. */
  public Drawing drawing() {
    Axis x = axis();
    int height =
        TOP
            + BOTTOM
            + rows.stream().mapToInt(r -> r.name().isEmpty() ? LINE : 2 * LINE + GAP).sum();
    int bottom = height - BOTTOM;
    Markup out = new Markup();
    ticks(out, x, bottom);
    out.add(
        "<line class=\"reference\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        Markup.num(x.at(none())), Markup.num(x.at(none())), TOP, bottom);
    int y = TOP;
    for (Row row : rows) {
      if (!row.name().isEmpty()) {
        y += GAP;
        out.add("<text class=\"strong\" x=\"4\" y=\"%s\">%s</text>", y + 14, row.name());
        y += LINE;
      }
      out.add("<text class=\"soft\" x=\"4\" y=\"%s\">%s</text>", y + 13, row.text());
      int middle = y + 9;
      row.estimate().ifPresent(e -> interval(out, e, row.decided(), x, middle));
      y += LINE;
    }
    return new Drawing(Drawing.Fit.SCALED, title, description(), WIDTH, height, out);
  }

  private double none() {
    return ratio ? 1 : 0;
  }

  /** Returns an axis for all values and, up to a limit, all intervals. */
  private Axis axis() {
    double[] values =
        rows.stream()
            .flatMap(r -> r.estimate().stream())
            .mapToDouble(e -> distance(e.value()))
            .toArray();
    double farthest = DoubleStream.of(values).map(Math::abs).max().orElse(0);
    double shortest =
        rows.stream()
            .flatMap(r -> r.estimate().stream())
            .mapToDouble(
                e ->
                    Math.min(
                        Math.abs(distance(e.interval().low())),
                        Math.abs(distance(e.interval().high()))))
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    double reach = REACH * Math.max(farthest, shortest);
    double low = 0;
    double high = 0;
    for (Row row : rows) {
      if (row.estimate().isPresent()) {
        Estimate e = row.estimate().get();
        low = Math.min(low, Math.max(-reach, distance(e.interval().low())));
        high = Math.max(high, Math.min(reach, distance(e.interval().high())));
      }
    }
    if (low == high) {
      low = -0.5;
      high = 0.5;
    }
    return Axis.of(ratio, back(low), back(high), LEFT, WIDTH - RIGHT);
  }

  /** Returns the distance from no difference. */
  private double distance(double value) {
    return ratio ? Math.log(value) : value;
  }

  private double back(double distance) {
    return ratio ? Math.exp(distance) : distance;
  }

  private void ticks(Markup out, Axis x, int bottom) {
    List<Double> ticks = x.ticks(4);
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 1;
    double last = -1e9;
    for (double tick : ticks) {
      String text = ratio ? Numbers.plain(tick) + "×" : Numbers.stepped(tick, step);
      String at = Markup.num(x.at(tick));
      out.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>", at, at, TOP, bottom);
      if (x.at(tick) - last > 10 * text.length() + 6) {
        out.add(
            "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
            at, bottom + 17, text);
        last = x.at(tick);
      }
    }
    out.add(
        "<text class=\"soft\" x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>",
        WIDTH - RIGHT, bottom + 38, label);
  }

  private void interval(Markup out, Estimate e, boolean decided, Axis x, int y) {
    boolean better = ratio == e.value() > none();
    double low = end(x.at(e.interval().low()));
    double high = end(x.at(e.interval().high()));
    out.add("<g class=\"%s\">", decided ? better ? "s1" : "s4" : "open");
    out.add(
        "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" stroke=\"currentColor\""
            + " stroke-width=\"2\"/>",
        Markup.num(low), Markup.num(high), y, y);
    arrow(out, low, low > x.at(e.interval().low()) + 1, -1, y);
    arrow(out, high, high < x.at(e.interval().high()) - 1, 1, y);
    out.raw(Palette.marker(0, end(x.at(e.value())), y, "fill=\"currentColor\"")).raw("</g>");
  }

  private static double end(double at) {
    return Math.max(LEFT, Math.min(WIDTH - RIGHT, at));
  }

  private static void arrow(Markup out, double x, boolean cut, int way, int y) {
    if (cut) {
      out.add(
          "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" d=\"M%s %sL%s %sL%s"
              + " %s\"/>",
          Markup.num(x - 5 * way), y - 5, Markup.num(x), y, Markup.num(x - 5 * way), y + 5);
    }
  }

  private String description() {
    List<String> all = new ArrayList<>();
    rows.forEach(r -> all.add((r.name() + " " + r.text()).strip()));
    return label + ". " + String.join("; ", all) + ".";
  }
}
