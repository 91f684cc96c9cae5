package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Losses of all cells of a grid on one domain or on the macro average, with draws. Draw r of all
 * cells has the same documents, so differences of draws are paired by document.
 *
 * @param domain name of a domain, or {@link dev.mixlaw.api.results.FittedLaw#MACRO}
 * @param documents number of documents
 * @param seeds seed noise of these losses
 * @param cells losses of the cells, in their order in the grid
 */
record LossSeries(String domain, int documents, SeedNoise seeds, List<Draws> cells) {
  /** The loss of a cell, and its parts in each resample. */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  record Draws(
      double value, double[] documents, double[] losses, double[] shifts, double[] shiftSpreads) {}

  /**
   * Creates a series.
   *
   * @param runLosses loss of each completed run
   * @param runDraws losses with resampled documents, {@code [completed runs][resamples]}
   */
  static LossSeries of(
      StudyGrid grid, String domain, int documents, double[] runLosses, double[][] runDraws) {
    SeedNoise seeds = SeedNoise.of(grid, runLosses);
    int resamples = runDraws.length == 0 ? 0 : runDraws[0].length;
    SeedNoise.Drawn spreads = seeds.draw(resamples, Objects.hash(domain, "seeds"));
    List<Draws> cells = new ArrayList<>();
    for (StudyGrid.Cell cell : grid.cells()) {
      int n = cell.runs().size();
      double value = 0;
      for (int k = 0; k < n; k++) {
        value += runLosses[cell.firstRun() + k] / n;
      }
      Draws own =
          new Draws(
              value,
              new double[resamples],
              new double[resamples],
              new double[resamples],
              new double[resamples]);
      // The same stream for all budgets of a model: they are branches of the same training runs.
      SplittableRandom random =
          new SplittableRandom(Objects.hash(domain, cell.mixture(), cell.model().name()));
      for (int r = 0; r < resamples; r++) {
        Interrupts.check();
        for (int k = 0; k < n; k++) {
          own.documents[r] += runDraws[cell.firstRun() + k][r] / n;
        }
        double z = random.nextGaussian() / Math.sqrt(n);
        own.losses[r] = own.documents[r] + spreads.ofPoint(r, cell) * z;
        own.shiftSpreads[r] = spreads.ofCurve(r, cell) / Math.sqrt(n);
        own.shifts[r] = spreads.ofCurve(r, cell) * z;
      }
      cells.add(own);
    }
    return new LossSeries(domain, documents, seeds, cells);
  }

  /** Returns the mean loss over the seeds of a cell. */
  double value(StudyGrid.Cell cell) {
    return cells.get(cell.index()).value;
  }

  /** Returns losses with resampled documents and, if known, seed noise. Not to be modified. */
  double[] draws(StudyGrid.Cell cell) {
    return cells.get(cell.index()).losses;
  }

  /** Returns losses with resampled documents and without seed noise. Not to be modified. */
  double[] documentDraws(StudyGrid.Cell cell) {
    return cells.get(cell.index()).documents;
  }

  /** Returns by how much other seeds would shift the whole curve. Not to be modified. */
  double[] shifts(StudyGrid.Cell cell) {
    return cells.get(cell.index()).shifts;
  }

  /** Returns the standard deviation with which each of the {@link #shifts} was drawn. */
  double[] shiftSpreads(StudyGrid.Cell cell) {
    return cells.get(cell.index()).shiftSpreads;
  }

  /**
   * Returns the loss of a cell minus that of another at the same model and budget, on the same
   * documents. Its error has two parts: the documents, and the seed noise where it is known.
   */
  Contrast difference(StudyGrid.Cell cell, StudyGrid.Cell other) {
    NoiseEstimate error =
        new NoiseEstimate(
            standardDeviation(minus(documentDraws(cell), documentDraws(other))),
            Math.max(1, documents - 1));
    if (seeds.known()) {
      double runs = 1.0 / cell.runs().size() + 1.0 / other.runs().size();
      error = error.plus(seeds.at(cell).times(Math.sqrt(runs)));
    }
    return new Contrast(value(cell) - value(other), error);
  }

  private static double standardDeviation(double[] draws) {
    double mean = Arrays.stream(draws).average().orElse(0);
    return Math.sqrt(
        Arrays.stream(draws).map(d -> (d - mean) * (d - mean)).sum()
            / Math.max(1, draws.length - 1));
  }

  /**
   * Returns the 95 % interval of the differences of draws. It is unbounded if all differences are
   * equal, which means that the noise is unknown.
   */
  static Interval difference95(double[] draws, double[] others) {
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
