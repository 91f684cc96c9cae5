package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.stats.GramSchmidt;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws the losses to which the laws of a series are refitted.
 *
 * <p>Each point is the mean of its seeds. A draw of point i is
 *
 * <pre>(fitted_i + a + b·(fitted_i - mean) + shift_i) · exp(s·z_i)</pre>
 *
 * <p>where fitted_i is the loss according to the law, mean is its mean over the points, and a and b
 * are the coefficients of a regression on the fitted loss. The regression describes how the
 * resampled documents change the curve of a mixture. All mixtures use the same resampled documents,
 * so draws of two laws are paired. The term shift_i is the effect of another seed, which is
 * correlated over the budgets of a model. It is omitted if the points come from different runs. The
 * last factor is the scatter of points about their law, excluding the scatter due to the shifts: s
 * is its relative standard deviation, and z_i is a standard normal variable.
 */
final class LawResampling {
  /** Lower limit of a drawn loss, as a fraction of the loss according to the law. */
  private static final double LEAST = 0.01;

  private LawResampling() {}

  static String label(StudyGrid.Cell c) {
    return c.mixture() + " · " + c.model().name() + " · " + c.budget() + " tokens";
  }

  static double input(Input input, StudyGrid.Cell cell) {
    return input.name().equals(Input.N) ? cell.model().params().count() : cell.tokens();
  }

  /**
   * Draws losses to which a law is refitted.
   *
   * @param moved losses according to the law, changed by the resampled documents, {@code
   *     [resamples][points]}
   * @param fitted losses according to the law
   * @param shifts change of the loss of each point with another seed, {@code [points][resamples]}
   * @return drawn losses, {@code [resamples][points]}
   */
  static double[][] draws(
      double[][] moved,
      double[] fitted,
      double[][] shifts,
      NoiseEstimate noise,
      SplittableRandom random) {
    double[][] draws = new double[moved.length][fitted.length];
    for (int r = 0; r < draws.length; r++) {
      double spread = noise.drawStandardDeviation(random);
      for (int i = 0; i < fitted.length; i++) {
        draws[r][i] =
            Math.max(moved[r][i] + shifts[i][r], LEAST * fitted[i])
                * Math.exp(spread * random.nextGaussian());
      }
    }
    return draws;
  }

  /** Returns the losses according to the law, changed in each draw by the resampled documents. */
  static double[][] moved(LossSeries series, List<StudyGrid.Cell> points, double[] fitted) {
    List<int[]> curves = curves(points);
    double[][] moved = new double[series.draws(points.get(0)).length][];
    for (int r = 0; r < moved.length; r++) {
      moved[r] = fitted.clone();
      for (int[] curve : curves) {
        move(series, points, fitted, curve, r, moved[r]);
      }
    }
    return moved;
  }

  static double[][] unmoved(double[] fitted, int resamples) {
    double[][] same = new double[resamples][];
    Arrays.fill(same, fitted);
    return same;
  }

  /**
   * Returns the variance of relative residuals per degree of freedom that would remain if seeds
   * were the only source of scatter, to first order.
   *
   * @param inputs inputs of the law at each point
   * @param shifts change of the loss of each point with another seed, {@code [points][resamples]}
   */
  static double residualVariance(LawFit fit, double[][] inputs, double[][] shifts) {
    int points = inputs.length;
    int parameters = fit.form().parameters().size();
    double[] fitted = new double[points];
    double[] jacobian = new double[points * parameters];
    double[] gradient = new double[parameters];
    for (int i = 0; i < points; i++) {
      fitted[i] = fit.form().evaluate(fit.values(), fit.form().features(inputs[i]), gradient);
      for (int k = 0; k < parameters; k++) {
        jacobian[i * parameters + k] = gradient[k] / fitted[i];
      }
    }
    GramSchmidt columns = new GramSchmidt(jacobian, points, parameters);
    double squares = 0;
    for (int r = 0; r < shifts[0].length; r++) {
      double[] relative = new double[points];
      for (int i = 0; i < points; i++) {
        relative[i] = shifts[i][r] / fitted[i];
      }
      squares += Arrays.stream(columns.residuals(relative)).map(e -> e * e).sum();
    }
    return squares / shifts[0].length / Math.max(1, points - parameters);
  }

  /**
   * Returns the changes of the losses that other seeds would cause, {@code [points][resamples]}.
   * All changes are 0 if no point has two seeds.
   */
  static double[][] seedShifts(LossSeries series, List<StudyGrid.Cell> points) {
    return points.stream().map(series::shifts).toArray(double[][]::new);
  }

  static double[][] noShifts(LossSeries series, List<StudyGrid.Cell> points) {
    return new double[points.size()][series.draws(points.get(0)).length];
  }

  private static List<int[]> curves(List<StudyGrid.Cell> points) {
    Map<String, List<Integer>> byMixture = new LinkedHashMap<>();
    for (int i = 0; i < points.size(); i++) {
      byMixture.computeIfAbsent(points.get(i).mixture(), m -> new ArrayList<>()).add(i);
    }
    return byMixture.values().stream()
        .map(c -> c.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private static void move(
      LossSeries series,
      List<StudyGrid.Cell> points,
      double[] fitted,
      int[] curve,
      int r,
      double[] losses) {
    double mean = 0;
    for (int i : curve) {
      mean += fitted[i] / curve.length;
    }
    double variation = 0;
    for (int i : curve) {
      variation += (fitted[i] - mean) * (fitted[i] - mean);
    }
    double level = 0;
    double slope = 0;
    for (int i : curve) {
      StudyGrid.Cell c = points.get(i);
      double change = series.documentDraws(c)[r] - series.value(c);
      level += change / curve.length;
      slope += variation > 0 ? change * (fitted[i] - mean) / variation : 0;
    }
    for (int i : curve) {
      losses[i] += level + slope * (fitted[i] - mean);
    }
  }
}
