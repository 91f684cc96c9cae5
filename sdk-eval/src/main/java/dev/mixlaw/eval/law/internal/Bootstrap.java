package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Objective;
import dev.mixlaw.eval.law.Resampling;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Refits a law to resampled data. Each resample has its own random numbers, so that the draws do
 * not depend on how many threads made them.
 */
public final class Bootstrap {
  /** Relative, on the objective of a resample. */
  static final double TOLERANCE = 1e-10;

  private static final int BLOCK = 50;

  private final Space space;
  private final Rows rows;
  private final Objective objective;
  private final Resampling resampling;
  private final RandomStreams random;
  private final State start;
  private final double[] fitted;
  private final NoiseEstimate noise;

  /**
   * Refitted parameters.
   *
   * @param parameters {@code [resamples][parameters]}
   * @param objectives of each
   * @param failed resamples whose solver did not converge; their best place is kept, so that draws
   *     of several fits stay in step
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Draws(double[][] parameters, double[] objectives, int failed) {}

  /**
   * A bootstrap.
   *
   * @param resampling any but automatic
   * @param optimum coordinates of the fit itself, where every refit begins
   */
  public Bootstrap(
      Space space,
      Rows rows,
      Objective objective,
      Resampling resampling,
      RandomStreams random,
      double[] optimum,
      NoiseEstimate noise) {
    this.space = space;
    this.rows = rows;
    this.objective = objective;
    this.resampling = resampling;
    this.random = random;
    start = new State(space, objective);
    start.move(rows, optimum);
    this.noise = noise;
    LawForm form = space.form;
    double[] parameters = space.parameters(optimum);
    double[] gradient = new double[parameters.length];
    fitted = new double[rows.count];
    for (int i = 0; i < rows.count; i++) {
      fitted[i] = form.evaluate(parameters, rows.features[i], gradient);
    }
  }

  /** Draws, in parallel where the executor does. */
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
                Solver solver = new Solver(space, objective);
                for (int r = first; r < end; r++) {
                  Solver.Minimum m = solver.minimize(resample(r), start, rows, TOLERANCE);
                  parameters[r] = space.parameters(m.u());
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

  /** The data of a resample. */
  public Rows resample(int number) {
    SplittableRandom numbers = random.resample(number);
    if (resampling instanceof Resampling.Cases) {
      int[] times = new int[rows.count];
      for (int i = 0; i < rows.count; i++) {
        times[numbers.nextInt(rows.count)]++;
      }
      return rows.drawn(times);
    }
    if (resampling instanceof Resampling.Losses losses) {
      return rows.withLosses(losses.losses()[number], objective);
    }
    double spread = noise.drawStandardDeviation(numbers);
    double[] other = new double[rows.count];
    for (int i = 0; i < rows.count; i++) {
      double e = spread * numbers.nextGaussian();
      other[i] =
          objective == Objective.HUBER_LOG
              ? fitted[i] * Math.exp(e)
              : Math.max(fitted[i] + e, 1e-3 * fitted[i]);
    }
    return rows.withLosses(other, objective);
  }
}
