package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.BootstrapSum;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The losses of all cells of a grid on one domain or the macro average, with their draws. Draw r
 * uses the same documents in all cells, so differences between draws are paired by document.
 */
final class LossSeries {
  private final StudyGrid grid;
  private final String domain;
  private final int documents;
  private final SeedNoise seeds;
  private final double[] values;
  private final double[][] documentDraws;
  private final double[][] draws;
  private final double[][] shifts;

  /**
   * Creates a series.
   *
   * @param domain name of a domain, or {@link dev.mixlaw.api.results.FittedLaw#MACRO}
   * @param documents number of documents or questions on which each loss is measured
   * @param runs loss of each completed run, with resampled documents
   */
  LossSeries(StudyGrid grid, String domain, int documents, List<BootstrapSum> runs) {
    this.grid = grid;
    this.domain = domain;
    this.documents = documents;
    int cells = grid.cells().size();
    values = new double[cells];
    documentDraws = new double[cells][];
    draws = new double[cells][];
    shifts = new double[cells][];
    int resamples = runs.isEmpty() ? 0 : runs.get(0).draws().length;
    double[] ofRuns = runs.stream().mapToDouble(BootstrapSum::value).toArray();
    seeds = SeedNoise.of(grid, ofRuns, grid.seedOf(domain, "noise"));
    for (StudyGrid.Cell cell : grid.cells()) {
      int c = cell.index();
      int n = cell.runs().size();
      documentDraws[c] = new double[resamples];
      draws[c] = new double[resamples];
      shifts[c] = new double[resamples];
      for (int k = 0; k < n; k++) {
        BootstrapSum run = runs.get(cell.firstRun() + k);
        values[c] += run.value() / n;
        for (int r = 0; r < resamples; r++) {
          documentDraws[c][r] += run.draws()[r] / n;
        }
      }
    }
    for (String mixture : grid.mixtures()) {
      for (StudyGrid.Model model : grid.models()) {
        List<StudyGrid.Cell> points = grid.overBudgets(mixture, model);
        SplittableRandom random = new SplittableRandom(grid.seedOf(domain, mixture, model.name()));
        for (int r = 0; r < resamples; r++) {
          Interrupts.check();
          double[] effects = seeds.path(r, points, random);
          for (int i = 0; i < effects.length; i++) {
            int c = points.get(i).index();
            shifts[c][r] = effects[i];
            draws[c][r] = documentDraws[c][r] + effects[i];
          }
        }
      }
    }
  }

  long seedOf(Object... things) {
    return grid.seedOf(domain, Arrays.asList(things));
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

  double value(StudyGrid.Cell cell) {
    return values[cell.index()];
  }

  /**
   * Returns draws of the loss of a cell with resampled documents and, if known, seed noise. The
   * array must not be modified.
   */
  double[] draws(StudyGrid.Cell cell) {
    return draws[cell.index()];
  }

  /**
   * Returns draws of the loss of a cell with resampled documents but no seed noise. The array must
   * not be modified.
   */
  double[] documentDraws(StudyGrid.Cell cell) {
    return documentDraws[cell.index()];
  }

  /**
   * Returns, for each draw, by how much other seeds would change the mean loss of a cell. The array
   * must not be modified.
   */
  double[] shifts(StudyGrid.Cell cell) {
    return shifts[cell.index()];
  }

  /**
   * Returns the loss of a cell minus the loss of another cell at the same model and budget, on the
   * same documents. The error includes the uncertainty due to documents and, if known, the seed
   * noise.
   */
  Contrast difference(StudyGrid.Cell cell, StudyGrid.Cell other) {
    NoiseEstimate error =
        new NoiseEstimate(
            standardDeviation(minus(documentDraws(cell), documentDraws(other))),
            Math.max(1, documents - 1));
    if (seeds.known()) {
      error = error.plus(seeds.ofDifference(cell, other));
    }
    return new Contrast(value(cell) - value(other), error);
  }

  static double standardDeviation(double[] draws) {
    double mean = Arrays.stream(draws).average().orElse(0);
    return Math.sqrt(
        Arrays.stream(draws).map(d -> (d - mean) * (d - mean)).sum()
            / Math.max(1, draws.length - 1));
  }

  /**
   * Returns the 95 % interval of the differences between draws with the same index. If all
   * differences are equal, the noise is unknown, and the interval is unbounded.
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
