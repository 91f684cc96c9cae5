package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.Cholesky;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Chooses the runs that reduce the uncertainty of a quantity most per floating-point operation.
 *
 * <p>The first fit uses a few cheap runs. The quantity is any function of the parameters of the
 * law, such as the loss of a model that is too expensive to train:
 *
 * <pre>{@code
 * ToDoubleFunction<double[]> loss = p -> LawForms.CHINCHILLA.loss(p, 7e9, 1.4e11);
 * RunDesign.Choice choice = RunDesign.of(fit, loss).reach(0.04).orElseThrow();
 * while (!choice.runs().isEmpty()) {
 *   fit = … // train these runs, and fit the law to all runs so far
 *   choice = RunDesign.of(fit, loss).reach(0.04).orElseThrow();
 * }
 * }</pre>
 *
 * <p>The design is V-optimal to first order and sequential: each step adds the run with the largest
 * reduction of the variance per FLOP (Fedorov 1972, "Theory of Optimal Experiments"). With the
 * derivatives g of the quantity and j of the logarithm of the loss with respect to the parameters,
 * and V = (Σ j·jᵀ)⁻¹, a run reduces the variance gᵀ·V·g by (gᵀ·V·j)² / (1 + jᵀ·V·j), in units of
 * the noise of a run. The design assumes that the form is correct. It therefore limits the number
 * of runs at each point. After each fit, check the law for a lack of fit ({@link LawFit#warnings}).
 *
 * <p>A design is immutable, and each setter returns a new design.
 */
public final class RunDesign {
  private static final int REPEATS = 5;

  /**
   * Smallest ratio between the expected widths after and before a step. A fit to few runs cannot
   * judge expensive runs well, so the design is updated after each step.
   */
  private static final double NARROWING = 0.75;

  private static final double STEP = 1e-5;

  /** Smallest information in any direction, relative to the mean over all directions. */
  private static final double SINGULAR = 1e-10;

  private final LawFit fit;
  private final ToDoubleFunction<double[]> quantity;
  private final List<double[]> candidates;
  private final int repeats;

  /**
   * The chosen runs.
   *
   * @param runs inputs of each run, in the order of the form; a point can occur several times
   * @param width expected width of the 95 % confidence interval of the quantity after these runs
   */
  public record Choice(List<double[]> runs, double flops, double width) {
    public Choice {
      runs = List.copyOf(runs);
    }
  }

  private RunDesign(
      LawFit fit, ToDoubleFunction<double[]> quantity, List<double[]> candidates, int repeats) {
    this.fit = fit;
    this.quantity = quantity;
    this.candidates = candidates;
    this.repeats = repeats;
  }

  /**
   * Returns a design for a quantity. By default, the candidates are all combinations of the fitted
   * values of N, of D and of the other inputs, with at most five runs at each point.
   *
   * @param fit fit with resamples of a law whose inputs include N and D
   * @param quantity function of the parameters of the law, which are in the order of the form
   */
  public static RunDesign of(LawFit fit, ToDoubleFunction<double[]> quantity) {
    return new RunDesign(fit, quantity, combinations(fit), REPEATS);
  }

  /** Sets the inputs of the runs that can be trained, each in the order of the form. */
  public RunDesign candidates(List<double[]> points) {
    return new RunDesign(fit, quantity, List.copyOf(points), repeats);
  }

  /**
   * Sets the largest number of runs at one point, including fitted runs. The limit is necessary
   * because many cheap runs reduce the noise, but not the misfit of the law, which grows with the
   * extrapolation. Default: 5.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public RunDesign atMost(int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("runs at a point: " + runs + "; expected at least 1");
    }
    return new RunDesign(fit, quantity, candidates, runs);
  }

  /** Returns the runs that reduce the uncertainty most within a compute budget in FLOPs. */
  public Answer<Choice> next(double flops) {
    return choose(flops, 0);
  }

  /**
   * Returns the runs of the next step toward the given width of the 95 % confidence interval. A
   * step narrows the interval by at most about a quarter. The result has no runs if the interval is
   * narrow enough. It has all candidates if they are not sufficient.
   *
   * @param width width in the unit of the quantity
   */
  public Answer<Choice> reach(double width) {
    double now = width(fit.estimate(quantity).interval());
    return choose(Double.POSITIVE_INFINITY, Math.max(width, NARROWING * now));
  }

  private Answer<Choice> choose(double flops, double width) {
    String question = "next runs for " + fit.form().id();
    int n = names(fit).indexOf(Input.N);
    int d = names(fit).indexOf(Input.D);
    if (n < 0 || d < 0) {
      return Answer.refused(
          question, "the inputs of the law are " + names(fit), "use a law of N and D");
    }
    if (fit.draws() == 0) {
      return Answer.refused(
          question, "the fit has no resamples", "fit with LawFitter.bootstrap(200)");
    }
    Observations.Builder points = Observations.of(names(fit).toArray(String[]::new));
    candidates.forEach(at -> points.add(fit.loss(at), at));
    double[][] rows = fit.sensitivities(points.build());
    double[] g = fit.gradient(quantity, STEP);
    int p = g.length;
    double[] variance = inverse(fit.sensitivities(fit.observations()), fit.observations(), p);
    double start = product(g, times(variance, g));
    if (!(start > 0)) {
      return Answer.refused(
          question,
          "the quantity does not depend on the parameters of the law",
          "choose a quantity that depends on them");
    }
    double now = width(fit.estimate(quantity).interval());
    double[] cost = candidates.stream().mapToDouble(at -> 6 * at[n] * at[d]).toArray();
    int[] left = candidates.stream().mapToInt(at -> repeats - fitted(at)).toArray();
    double enough = start * (width / now) * (width / now);
    double[] rest = {flops};
    List<Integer> chosen = new ArrayList<>();
    while (product(g, times(variance, g)) > enough) {
      double[] vg = times(variance, g);
      int best =
          IntStream.range(0, rows.length)
              .filter(i -> left[i] > 0 && cost[i] <= rest[0])
              .boxed()
              .max(Comparator.comparingDouble(i -> gain(variance, vg, rows[i]) / cost[i]))
              .orElse(-1);
      if (best < 0) {
        break;
      }
      add(variance, rows[best], 1);
      left[best]--;
      rest[0] -= cost[best];
      chosen.add(best);
    }
    chosen.sort(Comparator.comparingDouble(i -> -cost[i]));
    for (int i : List.copyOf(chosen)) { // later runs can make earlier ones unnecessary
      add(variance, rows[i], -1);
      if (product(g, times(variance, g)) <= enough) {
        chosen.remove(Integer.valueOf(i));
      } else {
        add(variance, rows[i], 1);
      }
    }
    List<double[]> runs = chosen.stream().map(i -> candidates.get(i).clone()).toList();
    if (runs.isEmpty() && now > width) {
      return Answer.refused(
          question,
          String.format(Locale.ROOT, "no candidate costs at most %.3g FLOPs", flops),
          "raise the budget, add candidates, or allow more runs at a point");
    }
    return Answer.known(
        new Choice(
            runs,
            runs.stream().mapToDouble(at -> 6 * at[n] * at[d]).sum(),
            now * Math.sqrt(product(g, times(variance, g)) / start)));
  }

  private static double width(Interval interval) {
    return interval.high() - interval.low();
  }

  private int fitted(double[] at) {
    return (int)
        Arrays.stream(FitData.inputs(fit.form(), fit.observations()))
            .filter(row -> Arrays.equals(row, at))
            .count();
  }

  private static List<String> names(LawFit fit) {
    return fit.form().inputs().stream().map(Input::name).toList();
  }

  private static List<double[]> combinations(LawFit fit) {
    double[][] rows = FitData.inputs(fit.form(), fit.observations());
    int n = names(fit).indexOf(Input.N);
    int d = names(fit).indexOf(Input.D);
    if (n < 0 || d < 0) {
      return Collections.emptyList();
    }
    double[] sizes = Arrays.stream(rows).mapToDouble(r -> r[n]).distinct().sorted().toArray();
    double[] budgets = Arrays.stream(rows).mapToDouble(r -> r[d]).distinct().sorted().toArray();
    return Arrays.stream(rows)
        .map(r -> with(r, n, 0, d, 0))
        .map(r -> Arrays.stream(r).boxed().toList())
        .distinct()
        .map(r -> r.stream().mapToDouble(Double::doubleValue).toArray())
        .flatMap(
            rest ->
                Arrays.stream(sizes)
                    .boxed()
                    .flatMap(
                        size ->
                            Arrays.stream(budgets)
                                .mapToObj(budget -> with(rest, n, size, d, budget))))
        .toList();
  }

  private static double[] with(double[] row, int n, double size, int d, double budget) {
    double[] copy = row.clone();
    copy[n] = size;
    copy[d] = budget;
    return copy;
  }

  /** Returns (Σ w·j·jᵀ)⁻¹. Directions that the rows do not determine have a large variance. */
  private static double[] inverse(double[][] rows, Observations weighted, int p) {
    double[] matrix = new double[p * p];
    double trace = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int a = 0; a < p; a++) {
        for (int b = 0; b < p; b++) {
          matrix[a * p + b] += weighted.get(i).weight() * rows[i][a] * rows[i][b];
        }
        trace += rows[i][a] * rows[i][a];
      }
    }
    Cholesky.factorWithFloor(matrix, p, SINGULAR * trace / p);
    double[] inverse = new double[p * p];
    for (int a = 0; a < p; a++) {
      double[] column = new double[p];
      column[a] = 1;
      Cholesky.solve(matrix, p, column);
      for (int b = 0; b < p; b++) {
        inverse[b * p + a] = column[b];
      }
    }
    return inverse;
  }

  private static double gain(double[] variance, double[] vg, double[] row) {
    double along = product(vg, row);
    return along * along / (1 + product(row, times(variance, row)));
  }

  /** Updates the inverse for a row that is added (sign 1) or removed (sign -1). */
  private static void add(double[] variance, double[] row, int sign) {
    int p = row.length;
    double[] v = times(variance, row); // Sherman and Morrison 1950
    double scale = sign / (1 + sign * product(row, v));
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < p; b++) {
        variance[a * p + b] -= scale * v[a] * v[b];
      }
    }
  }

  private static double[] times(double[] matrix, double[] vector) {
    int p = vector.length;
    return IntStream.range(0, p)
        .mapToDouble(
            a -> IntStream.range(0, p).mapToDouble(b -> matrix[a * p + b] * vector[b]).sum())
        .toArray();
  }

  private static double product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }
}
