package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Refits a law to resampled data. Each resample has its own random numbers, so that the results do
 * not depend on the number of threads.
 */
final class Bootstrap {
  /** Relative tolerance of the objective in the refit of a resample. */
  static final double TOLERANCE = 1e-10;

  private static final int BLOCK = 50;

  private final ParameterSpace space;
  private final FitData rows;
  private final Criterion criterion;
  private final Resampling resampling;
  private final RandomStreams random;
  private final ObjectiveEvaluation start;
  private final double[] fitted;
  private final NoiseEstimate noise;

  /**
   * The parameters of all resamples.
   *
   * @param parameters {@code [resamples][parameters]}
   * @param objectives value of the objective in each resample
   * @param failed number of resamples whose solver did not converge; their best point is kept, so
   *     that the resamples of several fits stay aligned
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Draws(double[][] parameters, double[] objectives, int failed) {}

  /**
   * Creates a bootstrap.
   *
   * @param resampling any kind but automatic
   * @param optimum parameters of the fit, where every refit starts
   */
  public Bootstrap(
      ParameterSpace space,
      FitData rows,
      Criterion criterion,
      Resampling resampling,
      RandomStreams random,
      double[] optimum,
      NoiseEstimate noise) {
    this.space = space.around(optimum);
    this.rows = rows;
    this.criterion = criterion;
    this.resampling = resampling;
    this.random = random;
    start = new ObjectiveEvaluation(this.space, criterion);
    start.move(rows, this.space.coordinates(optimum), criterion);
    this.noise = noise;
    LawForm form = space.form;
    double[] gradient = new double[optimum.length];
    fitted = new double[rows.count];
    for (int i = 0; i < rows.count; i++) {
      fitted[i] = form.evaluate(optimum, rows.features[i], gradient);
    }
  }

  /** Refits all resamples, in parallel if the executor is. */
  public Draws draw(int resamples, Executor executor) {
    double[][] parameters = new double[resamples][];
    double[] objectives = new double[resamples];
    boolean[] failed = new boolean[resamples];
    List<CompletableFuture<Void>> blocks = new ArrayList<>();
    for (int from = 0; from < resamples; from += BLOCK) {
      int first = from;
      int end = Math.min(resamples, from + BLOCK);
      blocks.add(
          CompletableFuture.runAsync(
              () -> {
                TrustRegionSolver solver = new TrustRegionSolver(space, criterion);
                for (int r = first; r < end; r++) {
                  TrustRegionSolver.Minimum m =
                      solver.minimize(resample(r), start, rows, TOLERANCE);
                  parameters[r] = m.parameters();
                  objectives[r] = m.value();
                  failed[r] = !m.converged();
                }
              },
              executor));
    }
    try {
      blocks.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    int failures = 0;
    for (boolean f : failed) {
      failures += f ? 1 : 0;
    }
    return new Draws(parameters, objectives, failures);
  }

  /** Returns the data of a resample. */
  public FitData resample(int number) {
    SplittableRandom numbers = random.resample(number);
    if (resampling.source() instanceof Resampling.Cases) {
      return rows.drawn(rows.draw(numbers));
    }
    if (resampling.source() instanceof Resampling.Losses losses) {
      return rows.withLosses(losses.losses()[number], criterion);
    }
    double spread = noise.drawStandardDeviation(numbers);
    double[] other = new double[rows.count];
    for (int i = 0; i < rows.count; i++) {
      double e = spread * numbers.nextGaussian();
      other[i] =
          criterion.logarithmic()
              ? fitted[i] * Math.exp(e)
              : Math.max(fitted[i] + e, 1e-3 * fitted[i]);
    }
    return rows.withLosses(other, criterion);
  }
}
