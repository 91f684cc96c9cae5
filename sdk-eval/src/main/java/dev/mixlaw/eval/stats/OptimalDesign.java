package dev.mixlaw.eval.stats;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.RunDesign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A V-optimal sequential design of runs for a linear model.
 *
 * <p>With the derivatives j of a measurement with respect to the parameters, in units of its noise,
 * and V = (Σ j·jᵀ)⁻¹, a linear function g of the parameters has the variance gᵀ·V·g. Another
 * measurement reduces it by (gᵀ·V·j)² / (1 + jᵀ·V·j). Each step adds the candidate with the largest
 * reduction per FLOP (Fedorov 1972, "Theory of Optimal Experiments"). {@code BENCHMARKS.md}
 * compares the cost of such designs with the lowest possible cost.
 *
 * @param question name of the design in the message if it is refused
 * @param repeats largest number of runs at a point
 */
public record OptimalDesign<R>(String question, Answer<Model<R>> model, int repeats)
    implements RunDesign<R> {
  private static final int REPEATS = 5;

  /**
   * Smallest ratio of the expected width after a design to the width before it. A narrower target
   * width needs several designs, each based on the results of the previous runs.
   */
  private static final double NARROWING = 0.75;

  /**
   * Information that is assumed in each direction of the parameter space before any measurement,
   * relative to the mean information of the existing measurements per direction. It makes the
   * information matrix invertible.
   */
  private static final double SINGULAR = 1e-11;

  /**
   * A training job that can be chosen, with one or more measurements.
   *
   * @param rows derivatives of each measurement with respect to the parameters, divided by its
   *     noise and decorrelated
   * @param points points of all measurements of the job; the last one is the point of the candidate
   * @param existing number of existing runs at the point of the candidate
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Candidate(double[][] rows, double flops, List<?> points, int existing) {
    private boolean endsWithin(Candidate other) {
      return other.points.contains(points.get(points.size() - 1));
    }
  }

  /**
   * A linear function of the parameters whose 95 % interval has the width f·√(gᵀ·V·g + v).
   *
   * @param gradient g
   * @param constant v, the variance that runs do not reduce
   * @param factor f
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Target(double[] gradient, double constant, double factor) {
    private double width(double[] variance) {
      return factor * Math.sqrt(product(gradient, times(variance, gradient)) + constant);
    }
  }

  /**
   * The linear model and the candidates of a design.
   *
   * @param rows derivatives of existing measurements, in the form of {@link Candidate#rows()}
   * @param targets functions whose intervals the design narrows; the widest interval counts
   * @param runs function that returns the descriptions of the candidates with the given indices
   */
  public record Model<R>(
      List<double[]> rows,
      List<Target> targets,
      List<Candidate> candidates,
      Function<List<Integer>, List<R>> runs) {
    private double width(double[] variance) {
      return targets.stream().mapToDouble(t -> t.width(variance)).max().orElseThrow();
    }

    /**
     * Returns the sum of squared widths of all targets. Widths below {@code enough} count as {@code
     * enough}.
     */
    private double sum(double[] variance, double enough) {
      return targets.stream()
          .mapToDouble(t -> Math.pow(Math.max(t.width(variance), enough), 2))
          .sum();
    }
  }

  /** Creates a design with at most five runs at a point. */
  public OptimalDesign(String question, Answer<Model<R>> model) {
    this(question, model, REPEATS);
  }

  @Override
  public RunDesign<R> atMost(int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("runs at a point: " + runs + "; expected at least 1");
    }
    return new OptimalDesign<>(question, model, runs);
  }

  @Override
  public Answer<Choice<R>> next(double flops) {
    return model.flatMap(m -> choose(m, flops, 0));
  }

  @Override
  public Answer<Choice<R>> reach(double width) {
    return model.flatMap(m -> choose(m, Double.POSITIVE_INFINITY, width));
  }

  private Answer<Choice<R>> choose(Model<R> m, double flops, double wanted) {
    double[] variance = inverse(m.rows());
    double now = m.width(variance);
    if (!(now > 0)) {
      return Answer.refused(
          question,
          "its interval has no width",
          "choose a quantity that depends on the parameters, or fit runs with noise");
    }
    double enough = wanted > 0 ? Math.max(wanted, NARROWING * now) : 0;
    int[] left = m.candidates().stream().mapToInt(c -> repeats - c.existing()).toArray();
    double spent = 0;
    List<Integer> chosen = new ArrayList<>();
    while (m.width(variance) > enough) {
      int best = -1;
      double highest = 0;
      double before = m.sum(variance, enough);
      for (int i = 0; i < left.length; i++) {
        Candidate run = m.candidates().get(i);
        if (left[i] > 0 && spent + run.flops() <= flops) {
          double gain = (before - m.sum(with(variance, run.rows(), 1), enough)) / run.flops();
          if (gain > highest) {
            highest = gain;
            best = i;
          }
        }
      }
      if (best < 0) {
        break;
      }
      Candidate run = m.candidates().get(best);
      variance = with(variance, run.rows(), 1);
      for (int i = 0; i < left.length; i++) {
        left[i] -= m.candidates().get(i).endsWithin(run) ? 1 : 0;
      }
      spent += run.flops();
      chosen.add(best);
    }
    chosen.sort(Comparator.comparingDouble(i -> -m.candidates().get(i).flops()));
    for (int i : List.copyOf(chosen)) { // later runs can make earlier ones unnecessary
      double[] without = with(variance, m.candidates().get(i).rows(), -1);
      if (m.width(without) <= enough) {
        variance = without;
        chosen.remove(Integer.valueOf(i));
      }
    }
    return chosen.isEmpty() && now > wanted
        ? Answer.refused(
            question,
            Double.isInfinite(flops)
                ? "all candidates were run"
                : Texts.format("no candidate costs at most %.3g FLOPs", flops),
            "raise the budget, add candidates, or allow more runs at a point")
        : Answer.known(
            new Choice<>(
                m.runs().apply(chosen),
                chosen.stream().mapToDouble(i -> m.candidates().get(i).flops()).sum(),
                m.width(variance)));
  }

  /**
   * Returns the variance gᵀ·V·g of a linear function of the parameters.
   *
   * @param rows derivatives of each measurement, in the form of {@link Candidate#rows()}
   * @param gradient g
   */
  public static double variance(List<double[]> rows, double[] gradient) {
    return product(gradient, times(inverse(rows), gradient));
  }

  /**
   * Returns the covariance matrix V = (Σ j·jᵀ)⁻¹ of the parameters. Directions that the rows do not
   * determine have a large variance.
   */
  private static double[] inverse(List<double[]> rows) {
    int p = rows.get(0).length;
    double trace = rows.stream().flatMapToDouble(Arrays::stream).map(x -> x * x).sum();
    double[] large = new double[p * p];
    for (int a = 0; a < p; a++) {
      large[a * p + a] = p / (SINGULAR * trace);
    }
    return with(large, rows.toArray(double[][]::new), 1);
  }

  /** Returns the covariance matrix after measurements are added (sign 1) or removed (sign -1). */
  private static double[] with(double[] variance, double[][] rows, int sign) {
    double[] updated = variance.clone();
    for (double[] row : rows) {
      int p = row.length;
      double[] v = times(updated, row); // update by Sherman and Morrison 1950
      double scale = sign / (1 + sign * product(row, v));
      for (int a = 0; a < p; a++) {
        for (int b = 0; b < p; b++) {
          updated[a * p + b] -= scale * v[a] * v[b];
        }
      }
    }
    return updated;
  }

  private static double[] times(double[] matrix, double[] vector) {
    int p = vector.length;
    double[] result = new double[p];
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < p; b++) {
        result[a] += matrix[a * p + b] * vector[b];
      }
    }
    return result;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
