package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.random.RandomGenerator;

/**
 * The noise of observations around a law. It consists of an error for each training run, which is
 * common to its checkpoints, and an error for each row. Without checkpoints, there is only the row
 * error.
 *
 * @param row noise of a row with a weight of 1, in addition to the noise of its run
 */
record FitNoise(NoiseEstimate run, NoiseEstimate row) {
  NoiseEstimate total() {
    return run.standardDeviation() > 0 ? run.plus(row) : row;
  }

  /**
   * Estimates the noise by an analysis of variance between and within runs.
   *
   * @param residuals residuals of a least-squares fit, multiplied by the square roots of the
   *     weights
   */
  static FitNoise of(FitData rows, double[] residuals, int parameters) {
    int runs = rows.units.size();
    if (runs == 0) {
      return new FitNoise(NoiseEstimate.NONE, NoiseEstimate.of(residuals, parameters));
    }
    double within = 0;
    double between = 0;
    double squares = 0;
    for (int[] unit : rows.units) {
      double sum = 0;
      double square = 0;
      for (int i : unit) {
        sum += residuals[i];
        square += residuals[i] * residuals[i];
      }
      within += square - sum * sum / unit.length;
      between += sum * sum / unit.length;
      squares += (double) unit.length * unit.length;
    }
    // Parameters consume degrees of freedom between and within runs, but at most half of those
    // between runs.
    int betweenRuns = Math.max(1, runs - Math.min(parameters, runs / 2));
    int withinRuns = Math.max(1, residuals.length - runs - Math.max(0, parameters - runs / 2));
    double size = runs > 1 ? (rows.count - squares / rows.count) / (runs - 1) : rows.count;
    double row = within / withinRuns;
    double run = Math.max(0, (between / betweenRuns - row) / size);
    return new FitNoise(
        new NoiseEstimate(Math.sqrt(run), betweenRuns),
        new NoiseEstimate(Math.sqrt(row), withinRuns));
  }

  double[] draw(FitData rows, RandomGenerator random) {
    double spread = row.drawStandardDeviation(random);
    double[] errors = new double[rows.count];
    for (int i = 0; i < rows.count; i++) {
      errors[i] = spread * random.nextGaussian() / Math.sqrt(rows.weights[i]);
    }
    if (!rows.units.isEmpty()) {
      double ofRuns = run.drawStandardDeviation(random);
      for (int[] unit : rows.units) {
        double error = ofRuns * random.nextGaussian();
        for (int i : unit) {
          errors[i] += error;
        }
      }
    }
    return errors;
  }
}
