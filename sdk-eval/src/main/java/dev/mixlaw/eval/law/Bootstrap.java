package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.eval.law.TrustRegionSolver.Minimum;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Refits a law to resampled data. Each resample has its own random numbers, so the results do not
 * depend on the number of threads.
 *
 * <p>A refit starts at the optimum of the fit and at the other low minima that the search found,
 * and returns the lowest minimum that it reaches. If a refit does not converge, it is repeated with
 * a Huber threshold that decreases step by step. If this fails too, the resample is replaced by
 * another one.
 */
final class Bootstrap {
  static final double TOLERANCE = 1e-10;

  /** Relative tolerance of the objective for laws with many parameters, whose refits are slow. */
  private static final double TOLERANCE_OF_MANY = 1e-7;

  private static final int MANY = 10;
  private static final int BLOCK = 50;
  private static final int ATTEMPTS = 4;

  private final ParameterSpace space;
  private final FitData rows;
  private final Criterion criterion;
  private final Resampling resampling;
  private final RandomStreams random;
  private final ObjectiveEvaluation start;
  private final List<double[]> rivals;
  private final double[] fitted;
  private final FitNoise noise;
  private final double tolerance;

  /**
   * The parameters of all resamples.
   *
   * @param parameters {@code [resamples][parameters]}
   * @param objectives value of the objective in each resample
   * @param replaced number of resamples that did not converge and were replaced
   * @param failed number of resamples for which no replacement converged, so that the best point
   *     found is kept
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  public record Draws(double[][] parameters, double[] objectives, int replaced, int failed) {}

  public Bootstrap(
      ParameterSpace space,
      FitData rows,
      Criterion criterion,
      Resampling resampling,
      RandomStreams random,
      double[] optimum,
      List<double[]> rivals,
      FitNoise noise) {
    this.space = space.around(optimum);
    this.rows = rows;
    this.criterion = criterion;
    this.resampling = resampling;
    this.random = random;
    this.rivals = rivals;
    start = ObjectiveEvaluation.at(this.space, rows, criterion, optimum);
    this.noise = noise;
    tolerance = space.dimension > MANY ? TOLERANCE_OF_MANY : TOLERANCE;
    fitted = rows.predicted(space.form, optimum);
  }

  /** Refits all resamples with the executor, in parallel if it has several threads. */
  public Draws draw(int resamples, Executor executor, DoubleConsumer progress) {
    double[][] parameters = new double[resamples][];
    double[] objectives = new double[resamples];
    AtomicInteger replaced = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    int attempts = resampling.kind == Resampling.Kind.LOSSES ? 1 : ATTEMPTS;
    int block = space.dimension > MANY ? 1 : BLOCK;
    List<Supplier<Integer>> blocks = new ArrayList<>();
    for (int from = 0; from < resamples; from += block) {
      int first = from;
      int end = Math.min(resamples, from + block);
      blocks.add(
          () -> {
            TrustRegionSolver solver = new TrustRegionSolver(space, criterion);
            for (int r = first; r < end; r++) {
              Interrupts.check();
              Minimum m = refit(solver, resample(r));
              int attempt = 1;
              for (; !m.converged() && attempt < attempts; attempt++) {
                m = refit(solver, resample(r + attempt * resamples));
              }
              replaced.addAndGet(attempt - 1);
              failed.addAndGet(m.converged() ? 0 : 1);
              parameters[r] = m.parameters();
              objectives[r] = m.value();
            }
            return end;
          });
    }
    Threads.all(blocks, executor, progress);
    return new Draws(parameters, objectives, replaced.get(), failed.get());
  }

  private Minimum refit(TrustRegionSolver solver, FitData data) {
    Minimum best = solver.minimize(data, start, rows, tolerance);
    for (double[] rival : rivals) {
      best = lower(best, solver.minimize(data, rival, tolerance));
    }
    if (!best.converged()) {
      double[] again = solver.lowered(data, best.parameters()).parameters();
      best = lower(best, solver.minimize(data, again, tolerance));
    }
    return best;
  }

  private static Minimum lower(Minimum a, Minimum b) {
    return b.value() < a.value() ? b : a;
  }

  /** Returns the data of the resample with the given index. */
  public FitData resample(int number) {
    SplittableRandom numbers = random.resample(number);
    if (resampling.kind == Resampling.Kind.CASES) {
      return rows.drawn(rows.draw(numbers));
    }
    if (resampling.kind == Resampling.Kind.LOSSES) {
      return rows.withLosses(resampling.losses[number], criterion);
    }
    double[] other = noise.draw(rows, numbers);
    for (int i = 0; i < rows.count; i++) {
      other[i] =
          criterion.logarithmic()
              ? fitted[i] * Math.exp(other[i])
              : Math.max(fitted[i] + other[i], 1e-3 * fitted[i]);
    }
    return rows.withLosses(other, criterion);
  }
}
