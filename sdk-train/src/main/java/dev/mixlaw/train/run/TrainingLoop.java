package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model in training, with its number of steps and metrics. This class is not thread-safe. */
final class TrainingLoop implements AutoCloseable {
  private final TrainingContext context;
  private final RunJob job;
  private final BooleanSupplier lost;
  private final TokenSource source;
  private int[] batch = new int[0];
  private @Nullable TrainingSession session;
  private @Nullable MetricsLog metrics;
  private @Nullable PendingStep pending;
  private long savedStep;
  private long savedAt;
  private long saveNanos;

  static final class Diverged extends RuntimeException {
    private static final long serialVersionUID = 1;
    final long step;
    final String reason;

    Diverged(long step, String reason) {
      super(reason, null, false, false);
      this.step = step;
      this.reason = reason;
    }
  }

  @FunctionalInterface
  interface StepListener {
    void stepped(long step, StepResult result, double learningRate);
  }

  /**
   * A step whose result has not been read. The next step is prepared while this step is computed.
   */
  private record PendingStep(
      Supplier<StepResult> result, double learningRate, StepListener listener) {}

  TrainingLoop(TrainingContext context, RunJob job, BooleanSupplier lost) {
    this.context = context;
    this.job = job;
    this.lost = lost;
    this.source = job.source(context.data());
  }

  /** Returns the number of steps so far, including a pending step. */
  long step() {
    return metrics().steps() + (pending == null ? 0 : 1);
  }

  MetricsLog metrics() {
    if (metrics == null) {
      throw new IllegalStateException("neither started nor restored");
    }
    return metrics;
  }

  private TrainingSession session() {
    if (session == null) {
      session = context.engine().open(context.layout().session(job));
    }
    return session;
  }

  /**
   * Throws an exception that ends the job if another worker has taken it over. The other worker may
   * even have finished the job while this process was suspended, so this process must not write
   * files of the run.
   */
  private void requireClaim() {
    if (lost.getAsBoolean()) {
      throw new JobClaims.LostException();
    }
  }

  /** Starts with random weights, or with the model from which the study starts. */
  void start(Path runDirectory) throws IOException {
    close();
    TrainingSession fresh = session();
    job.start().ifPresent(model -> model.load(fresh));
    requireClaim();
    Files.createDirectories(runDirectory);
    metrics = MetricsLog.create(runDirectory.resolve("metrics.jsonl"));
    saved();
  }

  /**
   * Continues from the newest valid checkpoint with at most the given number of steps. Renames
   * invalid checkpoints and reports a warning.
   *
   * @return whether there was a valid checkpoint
   */
  boolean restore(Checkpoints checkpoints, long upTo, Path runDirectory) throws IOException {
    for (Checkpoints.Checkpoint candidate : checkpoints.upTo(upTo)) {
      Optional<String> flaw = load(checkpoints, candidate, runDirectory);
      if (flaw.isEmpty()) {
        saved();
        return true;
      }
      checkpoints.setAside(candidate);
      context.warn(
          "%s: the checkpoint at step %s cannot be used (%s); training will continue from the previous checkpoint, or from the start"
              .formatted(job, candidate.step(), flaw.get()));
    }
    return false;
  }

  private Optional<String> load(
      Checkpoints checkpoints, Checkpoints.Checkpoint candidate, Path runDirectory)
      throws IOException {
    try {
      checkpoints.verify(candidate);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    TrainingSession open = session();
    try {
      open.load(candidate.trainer());
    } catch (MixlawException e) {
      close();
      if (e.kind() == MixlawException.Kind.ENGINE) {
        throw e; // The checkpoint is not the cause.
      }
      return Optional.of(e.toString());
    } catch (RuntimeException e) {
      close();
      return Optional.of(e.toString());
    }
    closeMetrics();
    requireClaim();
    metrics =
        MetricsLog.resume(
            candidate.metrics(), runDirectory.resolve("metrics.jsonl"), context.settings().disk());
    return Optional.empty();
  }

  /**
   * Trains up to a step and writes a checkpoint there. Also writes checkpoints before that step
   * when they are due.
   *
   * @param branchPoint whether a run branches off at the last step
   */
  void advance(
      long to,
      boolean branchPoint,
      LongToDoubleFunction rate,
      Checkpoints checkpoints,
      StepListener listener)
      throws IOException {
    while (step() < to) {
      requireClaim();
      if (context.stop().requested()) {
        if (context.stop().saving()) {
          save(checkpoints, false);
        }
        context.stop().check();
      }
      submitStep(rate, listener);
      long since = step() - savedStep;
      if (step() < to
          && context.settings().checkpoints().due(since, System.nanoTime() - savedAt, saveNanos)) {
        save(checkpoints, false);
      }
    }
    save(checkpoints, branchPoint);
  }

  private void submitStep(LongToDoubleFunction rate, StepListener listener) throws IOException {
    long step = step();
    int sequences = job.batches().of(step);
    long first = job.batches().before(step);
    int length = job.model().context() + 1;
    if (batch.length != sequences * length) {
      batch = new int[sequences * length];
    }
    for (int i = 0; i < sequences; i++) {
      source.read(first + i, batch, i * length);
    }
    double learningRate = rate.applyAsDouble(step);
    Supplier<StepResult> next = session().begin(batch, learningRate);
    finishPendingStep();
    pending = new PendingStep(next, learningRate, listener);
  }

  private void finishPendingStep() throws IOException {
    if (pending == null) {
      return;
    }
    PendingStep last = pending;
    pending = null;
    StepResult result = last.result().get();
    Optional<String> astray = DivergenceDetector.of(metrics(), result);
    if (astray.isPresent()) {
      throw new Diverged(metrics().steps() + 1, astray.get());
    }
    metrics().append(result.loss(), result.gradientNorm(), last.learningRate());
    last.listener().stepped(metrics().steps(), result, last.learningRate());
  }

  private void save(Checkpoints checkpoints, boolean branchPoint) throws IOException {
    if (savedStep == step()) {
      return;
    }
    finishPendingStep();
    long before = System.nanoTime();
    checkpoints.save(
        step(),
        branchPoint,
        into -> {
          try {
            session().save(into.trainer());
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          metrics().copyTo(into.metrics());
        });
    saved();
    saveNanos = savedAt - before;
  }

  /** Continues in another directory, with a copy of the metrics so far. */
  void moveTo(Path runDirectory) throws IOException {
    Files.createDirectories(runDirectory);
    requireClaim();
    metrics = metrics().continueIn(runDirectory.resolve("metrics.jsonl"));
  }

  OptionalDouble recentLoss() {
    return metrics == null ? OptionalDouble.empty() : metrics.recentLoss();
  }

  private void saved() {
    savedStep = step();
    savedAt = System.nanoTime();
  }

  /** Returns the model with its current weights, for measuring. */
  LanguageModel model() {
    return session().model();
  }

  private void closeMetrics() throws IOException {
    pending = null;
    if (metrics != null) {
      MetricsLog old = metrics;
      metrics = null;
      old.close();
    }
  }

  /** Closes the session. The loop can be started or restored again. */
  @Override
  public void close() throws IOException {
    try {
      closeMetrics();
    } finally {
      if (session != null) {
        TrainingSession old = session;
        session = null;
        old.close();
      }
    }
  }
}
