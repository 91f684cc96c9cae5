package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.eval.stats.Cholesky;
import dev.mixlaw.eval.stats.GramSchmidt;
import dev.mixlaw.eval.stats.Quantiles;
import dev.mixlaw.eval.stats.StudentT;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Tests whether the residuals of a fit depend on its inputs. They do not if the form is correct and
 * the noise is independent between runs.
 *
 * <p>There are two tests for each of N, D and the shares. The curvature test adds a curvature term
 * to the linearized fit: the orthogonal cubic polynomial of ln N or ln D, or the squares of the
 * shares. For independent rows, it is an F test. For runs with checkpoints, it is Hotelling's test
 * on the scores of the runs. The runs test counts the sign changes of the residuals in the order of
 * the input (Wald and Wolfowitz 1940). It detects other shapes of misfit too, but it has less
 * power.
 *
 * <p>A law fails if a p-value is below its part of the level (weighted Bonferroni). The curvature
 * test of D has the largest part, because most laws are extrapolated to larger budgets.
 */
final class LackOfFit {
  /**
   * Nominal probability of a warning if the form is correct. The tests are approximate. In
   * simulations, this level gives a warning for 5 % of the tables.
   */
  static final double LEVEL = 0.045;

  /** Weights of the tests, which determine their parts of the level. */
  private static final double BUDGETS = 8;

  private static final double CURVATURE = 3;
  private static final double RUNS = 1;

  /** Smallest number of independent rows or runs for which the tests are run. */
  private static final int FEWEST = 12;

  /** Largest absolute residual in robust standard deviations. Larger residuals are clipped. */
  private static final double LIMIT = 3;

  private final FitData rows;
  private final double[][] inputs;
  private final List<String> names;
  private final double[] jacobian;
  private final int dimension;
  private final double[] residuals;
  private final List<Result> results = new ArrayList<>();

  private record Result(String test, double weight, double pValue) {}

  /**
   * Creates the tests.
   *
   * @param inputs {@code [rows][inputs]}
   * @param jacobian derivatives of the residuals with respect to the parameters, multiplied by the
   *     square roots of the weights
   * @param residuals residuals of a linear refit, also multiplied by the square roots of the
   *     weights
   */
  LackOfFit(
      LawForm form,
      FitData rows,
      double[][] inputs,
      double[] jacobian,
      int dimension,
      double[] residuals) {
    this.rows = rows;
    this.inputs = inputs;
    this.jacobian = jacobian;
    this.dimension = dimension;
    names = form.inputs().stream().map(Input::name).toList();
    double[] sizes = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    double limit = LIMIT * 1.4826 * Quantiles.at(sizes, 0.5);
    this.residuals =
        Arrays.stream(residuals).map(r -> Math.max(-limit, Math.min(limit, r))).toArray();
  }

  /**
   * Returns a warning that names the inputs along which the form does not fit, or empty if it fits.
   *
   * @param level probability of a warning if the form is correct
   */
  Optional<String> warning(double level) {
    if (rows.unitCount() < FEWEST || rows.count <= dimension + 3) {
      return Optional.empty();
    }
    List<double[]> shares = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      double[] x = standardized(k);
      boolean share = isShare(k);
      // A constant, a factor and an exponent fit three values of N or D exactly.
      if (distinct(x) < (share ? 3 : 4)) {
        continue;
      }
      runsTest(names.get(k), k);
      if (share) {
        shares.add(power(x, 2));
      } else {
        boolean budgets = names.get(k).equals(Input.D);
        curvature(names.get(k), budgets ? BUDGETS : CURVATURE, List.of(cubic(x)));
      }
    }
    if (!shares.isEmpty()) {
      curvature("shares", CURVATURE, shares.subList(0, Math.max(1, shares.size() - 1)));
    }
    int n = names.indexOf(Input.N);
    int d = names.indexOf(Input.D);
    if (n >= 0 && d >= 0) {
      double[] a = standardized(n);
      double[] b = standardized(d);
      Arrays.setAll(a, i -> a[i] * b[i]);
      curvature("N with D", CURVATURE, List.of(a));
    }
    double weights = results.stream().mapToDouble(Result::weight).sum();
    List<String> failed =
        results.stream()
            .filter(r -> r.pValue < level * r.weight / weights)
            .map(r -> Texts.format("%s, p = %.1g", r.test, r.pValue))
            .toList();
    return failed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the form does not fit: the residuals depend on the inputs (%s)"
                .formatted(String.join("; ", failed)));
  }

  /** Returns ln of an input, or shares, shifted and scaled to a mean of 0 and a range of 1. */
  private double[] standardized(int input) {
    boolean share = isShare(input);
    double[] x =
        Arrays.stream(inputs)
            .mapToDouble(in -> share ? in[input] : Math.log(Math.max(in[input], 1e-300)))
            .toArray();
    double mean = Arrays.stream(x).average().orElse(0);
    double range = Arrays.stream(x).max().orElse(0) - Arrays.stream(x).min().orElse(0);
    return Arrays.stream(x).map(v -> (v - mean) / (range > 0 ? range : 1)).toArray();
  }

  private boolean isShare(int input) {
    return names.get(input).startsWith(Input.share("").name());
  }

  private static long distinct(double[] x) {
    return Arrays.stream(x).distinct().count();
  }

  private static double[] power(double[] x, int exponent) {
    return Arrays.stream(x).map(v -> Math.pow(v, exponent)).toArray();
  }

  private static double[] cubic(double[] x) {
    double[] parabola = Arrays.stream(x).flatMap(v -> DoubleStream.of(1, v, v * v)).toArray();
    return new GramSchmidt(parabola, x.length, 3).residuals(power(x, 3));
  }

  /** Counts the sign changes of the residuals of rows, or of the mean residuals of runs. */
  private void runsTest(String name, int input) {
    List<int[]> units =
        rows.units.isEmpty()
            ? IntStream.range(0, rows.count).mapToObj(i -> new int[] {i}).toList()
            : rows.units;
    if (units.stream().anyMatch(u -> varies(u, input))) {
      return; // Checkpoints of a run are not independent along their own axis.
    }
    List<Boolean> signs =
        units.stream()
            .sorted(Comparator.comparingDouble(u -> inputs[u[0]][input]))
            .map(u -> Arrays.stream(u).mapToDouble(i -> residuals[i]).sum() > 0)
            .toList();
    int number = signs.size();
    double positive = Collections.frequency(signs, true);
    long changes =
        IntStream.range(1, number).filter(i -> !signs.get(i).equals(signs.get(i - 1))).count();
    double product = 2 * positive * (number - positive);
    double mean = product / number + 1;
    double variance = product * (product - number) / ((double) number * number * (number - 1));
    if (variance > 0) {
      double p = upperTail((mean - 1 - changes) / Math.sqrt(variance));
      results.add(new Result("runs test along " + name, RUNS, p));
    }
  }

  private boolean varies(int[] unit, int input) {
    return Arrays.stream(unit).anyMatch(i -> inputs[i][input] != inputs[unit[0]][input]);
  }

  private void curvature(String name, double weight, List<double[]> features) {
    int k = features.size();
    int p = dimension + k;
    if (rows.unitCount() <= 2 * k + 3 || rows.count <= p + 3) {
      return;
    }
    double[] wide = new double[rows.count * p];
    for (int i = 0; i < rows.count; i++) {
      System.arraycopy(jacobian, i * dimension, wide, i * p, dimension);
      for (int j = 0; j < k; j++) {
        wide[i * p + dimension + j] = features.get(j)[i] * Math.sqrt(rows.weights[i]);
      }
    }
    double[] before = new GramSchmidt(jacobian, rows.count, dimension).residuals(residuals);
    if (rows.units.isEmpty()) {
      double all = squares(before);
      double left = squares(new GramSchmidt(wide, rows.count, p).residuals(residuals));
      double f = (all - left) / k / (left / (rows.count - p));
      add(name, weight, f, k, rows.count - p);
      return;
    }
    double[][] scores = new double[rows.units.size()][k];
    for (int j = 0; j < k; j++) {
      double[] column = new double[rows.count];
      for (int i = 0; i < rows.count; i++) {
        column[i] = wide[i * p + dimension + j];
      }
      double[] own = new GramSchmidt(jacobian, rows.count, dimension).residuals(column);
      for (int g = 0; g < scores.length; g++) {
        for (int i : rows.units.get(g)) {
          scores[g][j] += own[i] * before[i];
        }
      }
    }
    hotelling(scores, k).ifPresent(f -> add(name, weight, f, k, scores.length - k));
  }

  private void add(String name, double weight, double f, int first, int second) {
    results.add(new Result("curvature along " + name, weight, upperTail(normal(f, first, second))));
  }

  /** Returns Hotelling's statistic for a mean of independent vectors as an F statistic. */
  private static Optional<Double> hotelling(double[][] scores, int k) {
    int n = scores.length;
    double[] mean = new double[k];
    for (double[] s : scores) {
      for (int j = 0; j < k; j++) {
        mean[j] += s[j] / n;
      }
    }
    double[] covariance = new double[k * k];
    for (double[] s : scores) {
      for (int j = 0; j < k; j++) {
        for (int l = 0; l <= j; l++) {
          covariance[j * k + l] += (s[j] - mean[j]) * (s[l] - mean[l]) / (n - 1);
        }
      }
    }
    if (!Cholesky.factor(covariance, k)) {
      return Optional.empty();
    }
    double[] whitened = mean.clone();
    Cholesky.solveLower(covariance, k, whitened);
    return Optional.of(n * squares(whitened) * (n - k) / (k * (n - 1.0)));
  }

  private static double squares(double[] x) {
    return Arrays.stream(x).map(v -> v * v).sum();
  }

  /**
   * Returns the normal quantile with the same tail probability as an F statistic (Paulson 1942).
   */
  private static double normal(double f, double first, double second) {
    double a = 2 / (9 * first);
    double b = 2 / (9 * second);
    double root = Math.cbrt(Math.max(0, f));
    return ((1 - b) * root - (1 - a)) / Math.sqrt(a + b * root * root);
  }

  private static double upperTail(double z) {
    double both = StudentT.twoSided(z, Double.POSITIVE_INFINITY) / 2;
    return z > 0 ? both : 1 - both;
  }
}
