package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.NonNegativeLeastSquares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Finds starting points by variable projection (Golub and Pereyra 1973).
 *
 * <p>Linear parameters are computed from all other parameters by non-negative least squares, which
 * is reweighted to approximate the Huber loss. Only nonlinear parameters are searched, at the
 * points of a low-discrepancy sequence.
 */
final class StartPoints {
  private static final int REWEIGHTINGS = 4;

  private static final int WANTED = 24;

  /** Number of rows on which starting points are compared if there are many parameters. */
  private static final int COMPARED = 200;

  private final ParameterSpace space;
  private final FitData rows;
  private final Criterion criterion;

  /** Indices of the nonlinear parameters, from which the linear parameters are computed. */
  private final int[] shapes;

  private final int[] coefficients;

  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  record Start(double[] parameters, double value) {}

  StartPoints(ParameterSpace space, FitData rows, Criterion criterion) {
    this.space = space;
    this.criterion = criterion;
    shapes = free(false);
    coefficients = free(true);
    this.rows = isSmall() ? rows : rows.every(Math.max(1, rows.count / COMPARED));
  }

  /**
   * Returns whether so few parameters are searched that the sequence covers their ranges densely.
   */
  boolean isSmall() {
    return shapes.length <= 2;
  }

  private int[] free(boolean coefficient) {
    return IntStream.range(0, space.all.size())
        .filter(i -> !space.isFixed(i) && parameter(i).coefficient() == coefficient)
        .toArray();
  }

  private Parameter parameter(int position) {
    return space.all.get(position);
  }

  private static double scaled(Parameter p, double value) {
    return p.logarithmic() ? Math.log(value) : value;
  }

  /** Returns the best starting points, from best to worst. No two of them are close together. */
  List<double[]> best(long seed) {
    List<Start> all = new ArrayList<>();
    for (double[] place : places(seed)) {
      Start start = complete(parameters(place));
      if (start.value < Double.POSITIVE_INFINITY) {
        all.add(start);
      }
    }
    all.sort(Comparator.comparingDouble(Start::value));
    int wanted = isSmall() ? 10 : WANTED;
    List<double[]> chosen = new ArrayList<>();
    for (Start start : all) {
      if (chosen.size() == wanted) {
        break;
      }
      if (chosen.stream().noneMatch(c -> near(c, start.parameters))) {
        chosen.add(start.parameters);
      }
    }
    return chosen;
  }

  private boolean near(double[] a, double[] b) {
    double most = 0;
    for (int k : shapes) {
      Parameter p = parameter(k);
      double range = scaled(p, p.startHigh()) - scaled(p, p.startLow());
      most = Math.max(most, Math.abs(scaled(p, a[k]) - scaled(p, b[k])) / Math.max(range, 1e-300));
    }
    return most < 0.08;
  }

  private List<double[]> places(long seed) {
    // R-sequence (Roberts 2018): multiples of powers of the root of x^(s+1) = x + 1, modulo 1.
    int s = shapes.length;
    double root = 2;
    for (int i = 0; i < 60; i++) {
      root = Math.pow(1 + root, 1.0 / (s + 1));
    }
    double[] at = new SplittableRandom(seed).doubles(s).toArray();
    List<double[]> places = new ArrayList<>();
    double[] centre = new double[s];
    Arrays.fill(centre, 0.5);
    places.add(centre);
    int number = isSmall() ? 160 * s : Math.min(4000, 400 * s);
    for (int i = 0; i < number; i++) {
      for (int k = 0; k < s; k++) {
        at[k] = (at[k] + Math.pow(root, -(k + 1))) % 1;
      }
      places.add(at.clone());
    }
    return places;
  }

  private double[] parameters(double[] place) {
    double[] parameters = space.newParameters();
    for (int k = 0; k < shapes.length; k++) {
      Parameter p = parameter(shapes[k]);
      double low = scaled(p, p.startLow());
      double value = low + place[k] * (scaled(p, p.startHigh()) - low);
      parameters[shapes[k]] = p.logarithmic() ? Math.exp(value) : value;
    }
    spread(parameters);
    return parameters;
  }

  /**
   * Computes the best linear parameters for the nonlinear parameters of a point, and the objective
   * at that point.
   */
  Start complete(double[] point) {
    double[] parameters = point.clone();
    int m = coefficients.length;
    for (int k : coefficients) {
      parameters[k] = 0;
    }
    double[] offset = new double[rows.count];
    double[] basis = new double[rows.count * m];
    double[] size = new double[m];
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < rows.count; i++) {
      offset[i] = space.form.evaluate(parameters, rows.features[i], gradient);
      for (int k = 0; k < m; k++) {
        double b = gradient[coefficients[k]];
        basis[i * m + k] = b;
        size[k] += Math.abs(b) / rows.count;
      }
    }
    double[] x = new double[m];
    double[] bestX = x;
    double best = Double.POSITIVE_INFINITY;
    double[] reweighting = new double[rows.count];
    Arrays.fill(reweighting, 1);
    for (int round = 0; round < (m == 0 ? 1 : REWEIGHTINGS); round++) {
      if (m > 0) {
        x = coefficients(offset, basis, reweighting);
        for (int k = 0; k < m; k++) {
          if (parameter(coefficients[k]).logarithmic()
              && !(x[k] * size[k] > 1e-6 * rows.losses[0])) {
            x[k] = 1e-6 * rows.losses[0] / size[k]; // must be above 0
          }
        }
      }
      double value = reweight(offset, basis, x, reweighting);
      if (value < best) {
        best = value;
        bestX = x;
      }
    }
    for (int k = 0; k < m; k++) {
      Parameter p = parameter(coefficients[k]);
      parameters[coefficients[k]] = Math.min(p.upper(), Math.max(p.lower(), bestX[k]));
    }
    return new Start(parameters, best);
  }

  /** Converts evenly distributed numbers to evenly distributed weights that sum to 1. */
  private void spread(double[] parameters) {
    for (int[] group : space.groups()) {
      for (int i : group) {
        if (!space.isFixed(i)) {
          parameters[i] = -Math.log(Math.max(parameters[i], 1e-12)) + 1e-12;
        }
      }
      space.normalize(parameters, group);
    }
  }

  private double[] coefficients(double[] offset, double[] basis, double[] reweighting) {
    int m = coefficients.length;
    double[] gram = new double[m * m];
    double[] right = new double[m];
    for (int i = 0; i < rows.count; i++) {
      double loss = rows.losses[i];
      double w = rows.weights[i] * reweighting[i];
      if (criterion.logarithmic()) {
        w /= loss * loss;
      }
      double y = loss - offset[i];
      for (int j = 0; j < m; j++) {
        double wb = w * basis[i * m + j];
        right[j] += wb * y;
        for (int k = j; k < m; k++) {
          gram[j * m + k] += wb * basis[i * m + k];
        }
      }
    }
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < j; k++) {
        gram[j * m + k] = gram[k * m + j];
      }
    }
    return NonNegativeLeastSquares.solve(gram, right);
  }

  /** Returns the objective, and sets row weights for which least squares approximates it. */
  private double reweight(double[] offset, double[] basis, double[] x, double[] reweighting) {
    double sum = 0;
    for (int i = 0; i < rows.count; i++) {
      double f = offset[i];
      for (int k = 0; k < x.length; k++) {
        f += x[k] * basis[i * x.length + k];
      }
      if (criterion.logarithmic()) {
        double r = Math.abs(Math.log(f) - rows.targets[i]);
        double delta = criterion.delta();
        boolean inner = r <= delta;
        reweighting[i] = inner ? 1 : delta / r;
        sum += rows.weights[i] * (inner ? 0.5 * r * r : delta * (r - 0.5 * delta));
      } else {
        double r = f - rows.targets[i];
        sum += rows.weights[i] * r * r;
      }
    }
    return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }
}
