package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.report.Chart.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Draws one row for each estimate with its 95 % interval, and a reference line at "no difference".
 * Intervals that exclude the reference line are blue if better and orange if worse.
 *
 * <pre>{@code
 * ForestPlot.differences("Loss against natural text", "nats per token")
 *     .row("rephrased", difference)
 *     .drawing();
 * }</pre>
 *
 * <p>A plot is not thread-safe.
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

  /** Creates a plot of differences, such as differences between losses. */
  public static ForestPlot differences(String title, String label) {
    return new ForestPlot(title, label, false);
  }

  /**
   * Creates a plot of ratios, such as speed-ups, on a logarithmic axis; a ratio above 1 is better.
   */
  public static ForestPlot ratios(String title, String label) {
    return new ForestPlot(title, label, true);
  }

  /** Adds a row with an estimate. If the name is empty, the estimate continues the row above. */
  public ForestPlot row(String name, Estimate estimate) {
    return row(name, "", estimate);
  }

  /**
   * Adds an estimate to a row.
   *
   * @param name name of the row; empty to continue the row above
   * @param basis text before the numbers, such as {@code measured}; may be empty
   */
  public ForestPlot row(String name, String basis, Estimate estimate) {
    return row(name, basis, estimate, !estimate.interval().contains(none()));
  }

  /** Adds a row with a comparison, in color if the comparison is significant after adjustment. */
  ForestPlot row(String name, Comparison comparison) {
    return row(name, "", comparison.difference(), comparison.significant());
  }

  private ForestPlot row(String name, String basis, Estimate estimate, boolean decided) {
    String numbers =
        ratio ? Numbers.ratio(estimate).toString() : Numbers.difference(estimate).toString();
    rows.add(new Row(name, (basis + " " + numbers).strip(), Optional.of(estimate), decided));
    return this;
  }

  /** Adds a row that shows words, such as {@code never}, instead of an estimate. */
  public ForestPlot row(String name, String words) {
    rows.add(new Row(name, words, Optional.empty(), false));
    return this;
  }

  /** Returns the drawing, which can be added to a page or written to a file. */
  public Drawing drawing() {
    Axis x = axis();
    int height =
        TOP
            + BOTTOM
            + rows.stream().mapToInt(r -> r.name().isEmpty() ? LINE : 2 * LINE + GAP).sum();
    int bottom = height - BOTTOM;
    Markup out = new Markup();
    Optional<DoubleFunction<String>> times =
        ratio ? Optional.of(v -> Numbers.plain(v) + "×") : Optional.empty();
    List<Axis.Tick> ticks = x.ticks(4, times);
    ticks.forEach(t -> out.line("grid", t.at(), TOP, t.at(), bottom));
    Axis.texts(out, ticks, bottom + 17, 10);
    out.text("soft", WIDTH - RIGHT, bottom + 38, "end", label);
    out.line("reference", x.at(none()), TOP, x.at(none()), bottom);
    int y = TOP;
    for (Row row : rows) {
      if (!row.name().isEmpty()) {
        y += GAP;
        out.text("strong", 4, y + 14, "start", row.name());
        y += LINE;
      }
      out.text("soft", 4, y + 13, "start", row.text());
      int middle = y + 9;
      row.estimate().ifPresent(e -> interval(out, e, row.decided(), x, middle));
      y += LINE;
    }
    return new Drawing(Drawing.Fit.SCALED, title, description(), WIDTH, height, out);
  }

  private double none() {
    return ratio ? 1 : 0;
  }

  private Axis axis() {
    List<Estimate> all = rows.stream().flatMap(r -> r.estimate().stream()).toList();
    double reach =
        REACH
            * all.stream()
                .flatMapToDouble(
                    e ->
                        DoubleStream.of(
                            Math.abs(distance(e.value())),
                            Math.min(
                                Math.abs(distance(e.interval().low())),
                                Math.abs(distance(e.interval().high())))))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    double low =
        all.stream()
            .mapToDouble(e -> distance(e.interval().low()))
            .map(d -> Math.max(-reach, d))
            .reduce(0, Math::min);
    double high =
        all.stream()
            .mapToDouble(e -> distance(e.interval().high()))
            .map(d -> Math.min(reach, d))
            .reduce(0, Math::max);
    return low == high
        ? Axis.of(ratio, back(-0.5), back(0.5), LEFT, WIDTH - RIGHT)
        : Axis.of(ratio, back(low), back(high), LEFT, WIDTH - RIGHT);
  }

  private double distance(double value) {
    return ratio ? Math.log(value) : value;
  }

  private double back(double distance) {
    return ratio ? Math.exp(distance) : distance;
  }

  private void interval(Markup out, Estimate e, boolean decided, Axis x, int y) {
    boolean better = ratio == e.value() > none();
    double low = end(x.at(e.interval().low()));
    double high = end(x.at(e.interval().high()));
    out.add(
        "<g class=\"%s\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\">",
        decided ? better ? "s1" : "s4" : "open");
    out.line("", low, y, high, y);
    arrow(out, low, low > x.at(e.interval().low()) + 1, -1, y);
    arrow(out, high, high < x.at(e.interval().high()) - 1, 1, y);
    out.raw(Markup.marker(0, end(x.at(e.value())), y, Markup.FILLED)).raw("</g>");
  }

  private static double end(double at) {
    return Math.max(LEFT, Math.min(WIDTH - RIGHT, at));
  }

  private static void arrow(Markup out, double x, boolean cut, int way, int y) {
    if (cut) {
      out.add("<path d=\"M%1$s %2$sL%3$s %4$sL%1$s %5$s\"/>", x - 5 * way, y - 5, x, y, y + 5);
    }
  }

  private String description() {
    return rows.stream()
        .map(r -> (r.name() + " " + r.text()).strip())
        .collect(Collectors.joining("; ", label + ". ", "."));
  }
}
