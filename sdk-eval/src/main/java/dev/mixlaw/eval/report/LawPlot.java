package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.report.Chart.AxisStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws fitted laws with their points, curves, 95 % confidence bands and irreducible losses E.
 *
 * <pre>{@code
 * LawPlot.of("natural", fit).and("textbook", other).unit(LossUnit.NATS_PER_TOKEN).write(Path.of("law.svg"));
 * }</pre>
 *
 * <p>Both axes are logarithmic if the horizontal axis shows tokens or parameters. A law with
 * several inputs is drawn as a function of D, or of N if the law has no D. There is one curve for
 * each combination of the other inputs. If there are more than six combinations or several such
 * laws, the plot shows measured against predicted losses. A plot is not thread-safe.
 */
public final class LawPlot {
  private static final int CURVE_POINTS = 80;
  private static final int MOST_CURVES = 6;
  private static final int HEIGHT = 370;

  private final Map<String, LawFit> fits = new LinkedHashMap<>();
  private final Map<String, Observations> heldOut = new LinkedHashMap<>();
  private LossUnit unit = LossUnit.NATS_PER_TOKEN;
  private String last;

  private LawPlot(String name, LawFit fit) {
    last = Objects.requireNonNull(name, "name");
    fits.put(name, Objects.requireNonNull(fit, "fit"));
  }

  /** Creates a plot of one law, with its formula as its name. */
  public static LawPlot of(LawFit fit) {
    return of(fit.form().formula(), fit);
  }

  /** Creates a plot of one law under the given name. */
  public static LawPlot of(String name, LawFit fit) {
    return new LawPlot(name, fit);
  }

  /**
   * Adds another law, which must have the same inputs.
   *
   * @throws IllegalArgumentException if the name is already used or the inputs differ
   */
  public LawPlot and(String name, LawFit fit) {
    LawForm first = fits.values().iterator().next().form();
    if (!names(fit.form()).equals(names(first)) || fits.containsKey(name)) {
      throw new IllegalArgumentException(
          Texts.format(
              "law %s with inputs %s; expected a name that is not used yet and inputs %s",
              name, names(fit.form()), names(first)));
    }
    last = name;
    fits.put(name, fit);
    return this;
  }

  /**
   * Adds observations that were held out of the fit of the most recently added law. They are drawn
   * as hollow markers, and the curve extends to them.
   */
  public LawPlot heldOut(Observations observations) {
    heldOut.put(last, Objects.requireNonNull(observations, "observations"));
    return this;
  }

  /** Sets the unit of the losses. Default: nats per token. */
  public LawPlot unit(LossUnit newUnit) {
    unit = Objects.requireNonNull(newUnit, "newUnit");
    return this;
  }

  /** Writes the drawing to a separate file; see {@link Drawing#write}. */
  public void write(Path svg) {
    drawing().write(svg);
  }

  /** Returns the drawing, which can be added to a page or written to a file. */
  public Drawing drawing() {
    List<Input> inputs = fits.values().iterator().next().form().inputs();
    Optional<Input> axis =
        inputs.size() == 1
            ? Optional.of(inputs.get(0))
            : fits.size() == 1 ? axis() : Optional.empty();
    return axis.map(this::over).orElseGet(this::measuredOverPredicted);
  }

  private static List<String> names(LawForm form) {
    return form.inputs().stream().map(Input::name).toList();
  }

  private Drawing over(Input axis) {
    List<Chart.Line> lines = new ArrayList<>();
    fits.forEach((name, fit) -> addLines(lines, name, fit, axis));
    boolean sizes = sizes(axis);
    boolean logarithmic =
        sizes && lines.stream().flatMap(s -> s.points().stream()).allMatch(p -> p.x() > 0);
    Optional<DoubleFunction<String>> text = sizes ? Optional.of(Numbers::count) : Optional.empty();
    return new Chart(
            "loss against " + axis.name() + ": " + String.join(", ", fits.keySet()),
            new AxisStyle(axis.name() + ", " + axis.unit() + hollow(), logarithmic, text),
            AxisStyle.logarithmic("loss, " + unit),
            lines)
        .size(Chart.WIDE, HEIGHT)
        .legend()
        .drawing();
  }

  private String hollow() {
    return heldOut.values().stream().anyMatch(o -> o.size() > 0) ? " (hollow: held out)" : "";
  }

  private static boolean sizes(Input input) {
    return input.unit().equals("tokens") || input.unit().equals("parameters");
  }

  /** Returns the legend entry of a law, which includes its E, if any. */
  private static String named(String name, LawFit fit) {
    return name
        + floor(fit).map(p -> ": " + p + " " + Numbers.estimate(fit.parameter(p))).orElse("");
  }

  /** Returns the name of the irreducible loss, if it is a parameter of the form. */
  private static Optional<String> floor(LawFit fit) {
    return fit.form().parameters().stream()
        .filter(p -> p.name().equals("E"))
        .map(p -> p.name())
        .findFirst();
  }

  private Observations held(String name) {
    Observations fitted = fits.get(name).observations();
    return heldOut.getOrDefault(name, fitted.where(o -> false));
  }

  private static double[] inputs(LawFit fit, Observations all, Observation row) {
    return fit.form().inputs().stream().mapToDouble(in -> all.input(row, in.name())).toArray();
  }

  private static List<Chart.Point> points(Observations of, Input axis) {
    return of.rows().stream()
        .map(o -> Chart.Point.of(of.input(o, axis.name()), o.loss()))
        .sorted((a, b) -> Double.compare(a.x(), b.x()))
        .toList();
  }

  private static List<Chart.Point> curve(
      LawFit fit, Input axis, List<Chart.Point> points, List<Chart.Point> more, double[] at) {
    int k = fit.form().inputs().indexOf(axis);
    double[] xs =
        Stream.concat(points.stream(), more.stream())
            .mapToDouble(Chart.Point::x)
            .sorted()
            .toArray();
    double least = xs[0];
    double most = xs[xs.length - 1];
    boolean logarithmic = sizes(axis) && least > 0;
    return IntStream.rangeClosed(0, CURVE_POINTS)
        .mapToObj(
            i -> {
              double way = i / (double) CURVE_POINTS;
              double[] x = at.clone();
              x[k] =
                  logarithmic
                      ? least * Math.pow(most / least, 1.08 * way - 0.04)
                      : least + way * (most - least);
              return predicted(fit, x[k], x);
            })
        .toList();
  }

  private static Chart.Point predicted(LawFit fit, double x, double... inputs) {
    if (fit.draws() < 2) {
      return Chart.Point.of(x, fit.loss(inputs));
    }
    Interval band = fit.predict(inputs).interval();
    return new Chart.Point(x, fit.loss(inputs), band.low(), band.high());
  }

  /**
   * Returns the input on the horizontal axis, or empty if the other inputs have too many
   * combinations.
   */
  private Optional<Input> axis() {
    LawFit fit = fits.values().iterator().next();
    return Stream.of(Input.D, Input.N)
        .flatMap(name -> fit.form().inputs().stream().filter(in -> in.name().equals(name)))
        .filter(axis -> combinations(fit, axis).size() <= MOST_CURVES)
        .findFirst();
  }

  private SortedSet<List<Double>> combinations(LawFit fit, Input axis) {
    int k = fit.form().inputs().indexOf(axis);
    SortedSet<List<Double>> found = new TreeSet<>((a, b) -> Arrays.compare(unboxed(a), unboxed(b)));
    for (Observations all : List.of(fit.observations(), held(last))) {
      all.rows().forEach(row -> found.add(others(fit, all, row, k)));
    }
    return found;
  }

  private static double[] unboxed(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Double> others(LawFit fit, Observations all, Observation row, int k) {
    double[] x = inputs(fit, all, row);
    x[k] = 0;
    return Arrays.stream(x).boxed().toList();
  }

  private static Observations at(LawFit fit, Observations all, List<Double> others, int k) {
    return all.where(o -> others(fit, all, o, k).equals(others));
  }

  private void addLines(List<Chart.Line> lines, String name, LawFit fit, Input axis) {
    int k = fit.form().inputs().indexOf(axis);
    boolean only = fit.form().inputs().size() == 1;
    OptionalDouble floor =
        floor(fit).map(p -> OptionalDouble.of(fit.value(p))).orElse(OptionalDouble.empty());
    for (List<Double> others : combinations(fit, axis)) {
      List<Chart.Point> points = points(at(fit, fit.observations(), others, k), axis);
      List<Chart.Point> out = points(at(fit, held(name), others, k), axis);
      lines.add(
          new Chart.Line(
              only ? named(name, fit) : combinationName(fit, others, k),
              lines.size(),
              points,
              out,
              curve(fit, axis, points, out, unboxed(others)),
              only ? floor : OptionalDouble.empty()));
    }
    if (!only && floor.isPresent()) {
      String label = "E " + Numbers.estimate(fit.parameter("E"));
      lines.add(new Chart.Line(label, lines.size(), List.of(), List.of(), List.of(), floor));
    }
  }

  private static String combinationName(LawFit fit, List<Double> others, int k) {
    List<Input> inputs = fit.form().inputs();
    return IntStream.range(0, inputs.size())
        .filter(i -> i != k)
        .mapToObj(
            i ->
                inputs.get(i).name()
                    + " "
                    + (sizes(inputs.get(i))
                        ? Numbers.count(others.get(i))
                        : Numbers.short3(others.get(i))))
        .collect(Collectors.joining(", "));
  }

  /** Plots measured against predicted losses, with the diagonal on which they are equal. */
  private Drawing measuredOverPredicted() {
    List<Chart.Line> lines = new ArrayList<>();
    fits.forEach(
        (name, fit) -> {
          List<Chart.Point> points = measuredOverPredicted(fit, fit.observations());
          List<Chart.Point> out = measuredOverPredicted(fit, held(name));
          lines.add(
              new Chart.Line(
                  named(name, fit),
                  lines.size(),
                  points,
                  out,
                  Chart.Line.diagonal(points, out),
                  OptionalDouble.empty()));
        });
    return new Chart(
            "measured against predicted losses: " + String.join(", ", fits.keySet()),
            AxisStyle.logarithmic("predicted loss, " + unit + hollow()),
            AxisStyle.logarithmic("measured loss, " + unit),
            lines)
        .size(Chart.WIDE, HEIGHT + 80)
        .legend()
        .drawing();
  }

  private static List<Chart.Point> measuredOverPredicted(LawFit fit, Observations of) {
    return of.rows().stream()
        .map(o -> Chart.Point.of(fit.loss(inputs(fit, of, o)), o.loss()))
        .toList();
  }
}
