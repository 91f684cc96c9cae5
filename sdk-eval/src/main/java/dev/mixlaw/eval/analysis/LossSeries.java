package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Losses of all cells of a grid on one domain or on the average, in nats per token, with draws that
 * are made alike for all cells: draw r of two cells has the same documents, so that differences of
 * draws are differences on the same documents.
 */
final class LossSeries {
  private final String domain;
  private final int documents;
  private final SeedNoise seeds;
  private final double[] values;
  private final double[][] documentDraws;
  private final double[][] draws;
  private final double[][] shifts;
  private final double[][] shiftSpreads;

  /**
   * A series.
   *
   * @param domain name, or {@link dev.mixlaw.api.results.FittedLaw#MACRO}
   * @param documents measured on
   * @param runLosses of each completed run
   * @param runDraws {@code [completed runs][resamples]}, documents resampled
   */
  LossSeries(
      StudyGrid grid, String domain, int documents, double[] runLosses, double[][] runDraws) {
    this.domain = domain;
    this.documents = documents;
    int cells = grid.cells().size();
    values = new double[cells];
    documentDraws = new double[cells][];
    draws = new double[cells][];
    shifts = new double[cells][];
    shiftSpreads = new double[cells][];
    int resamples = runDraws.length == 0 ? 0 : runDraws[0].length;
    seeds = SeedNoise.of(grid, runLosses);
    SeedNoise.Drawn spreads = seeds.draw(resamples, Objects.hash(domain, "seeds"));
    for (StudyGrid.Cell cell : grid.cells()) {
      int c = cell.index();
      int n = cell.runs().size();
      documentDraws[c] = new double[resamples];
      draws[c] = new double[resamples];
      shifts[c] = new double[resamples];
      shiftSpreads[c] = new double[resamples];
      for (int k = 0; k < n; k++) {
        values[c] += runLosses[cell.firstRun() + k] / n;
      }
      // The same for all budgets of a model: they are branches of the same trunks.
      SplittableRandom random =
          new SplittableRandom(Objects.hash(domain, cell.mixture(), cell.model().name()));
      for (int r = 0; r < resamples; r++) {
        for (int k = 0; k < n; k++) {
          documentDraws[c][r] += runDraws[cell.firstRun() + k][r] / n;
        }
        double z = random.nextGaussian() / Math.sqrt(n);
        draws[c][r] = documentDraws[c][r] + spreads.ofPoint(r, cell) * z;
        shiftSpreads[c][r] = spreads.ofCurve(r, cell) / Math.sqrt(n);
        shifts[c][r] = spreads.ofCurve(r, cell) * z;
      }
    }
  }

  String domain() {
    return domain;
  }

  int documents() {
    return documents;
  }

  SeedNoise seeds() {
    return seeds;
  }

  /** Mean of the cell's seeds. */
  double value(StudyGrid.Cell cell) {
    return values[cell.index()];
  }

  /** Documents resampled, and noise of the seeds added where it is known. Not to be changed. */
  double[] draws(StudyGrid.Cell cell) {
    return draws[cell.index()];
  }

  /** Documents resampled, no noise of seeds. Not to be changed. */
  double[] documentDraws(StudyGrid.Cell cell) {
    return documentDraws[cell.index()];
  }

  /** By how much other seeds would have shifted the cell's whole curve. Not to be changed. */
  double[] shifts(StudyGrid.Cell cell) {
    return shifts[cell.index()];
  }

  /** Standard deviation of each of the {@link #shifts}, as likely as any. Not to be changed. */
  double[] shiftSpreads(StudyGrid.Cell cell) {
    return shiftSpreads[cell.index()];
  }

  /** Loss of a cell minus that of another, on the same documents. */
  Estimate difference(StudyGrid.Cell cell, StudyGrid.Cell other) {
    return new Estimate(value(cell) - value(other), behind(draws(cell), draws(other)));
  }

  /**
   * Interval of the differences of draws; without bounds where neither documents nor seeds tell
   * what the noise is: no width would say that there is none.
   */
  static Interval behind(double[] draws, double[] others) {
    Interval interval = Quantiles.interval95(minus(draws, others));
    return interval.low() < interval.high()
        ? interval
        : new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int r = 0; r < a.length; r++) {
      difference[r] = a[r] - b[r];
    }
    return difference;
  }
}
