package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.run.LabRecords.Measurements;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.run.RunJob.Branch;
import dev.mixlaw.train.run.child.ChildReport;
import dev.mixlaw.train.run.child.ChildReport.Kind;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Executes a {@link RunJob}. Trains the trunk and the branches, measures each run and stores the
 * results.
 *
 * <p>The following steps are executed for each budget, in ascending order:
 *
 * <ol>
 *   <li>Train the trunk up to the branch step and write a checkpoint.
 *   <li>Train the branch with a decaying learning rate, and store the model.
 *   <li>Measure the model on all domains and tests, and store each measurement.
 *   <li>Restore the checkpoint from which the next budget continues.
 * </ol>
 *
 * <p>A run whose results are already stored in the lab is not trained again. Missing measurements
 * are made with the stored model. Training continues from the newest valid checkpoint. If a branch
 * diverges or fails, this is recorded and the trunk continues. If the trunk diverges or fails, all
 * remaining budgets get the same outcome. A file error in the lab ends the whole study.
 *
 * <p>If the device is lost, the operation is retried once from the last checkpoint. A worker
 * normally holds the read lock of {@link TrainingContext#deviceLock} while its session is open.
 * During a retry it holds the write lock, so that it has the device to itself, because another
 * session may have caused the failure.
 */
final class RunJobTrainer {
  static final String METRICS = "metrics.jsonl";

  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final TrainingContext context;
  private final RunJob job;
  private final BooleanSupplier lost;
  private final BiConsumer<Branch, RunResult> ended;
  private final String identity;
  private final RunResults results;
  private final Disk disk;

  RunJobTrainer(
      TrainingContext context,
      RunJob job,
      BooleanSupplier lost,
      BiConsumer<Branch, RunResult> ended) {
    this.context = context;
    this.job = job;
    this.lost = lost;
    this.ended = ended;
    this.identity = context.identities().of(job);
    this.results = new RunResults(job, context.data());
    this.disk = context.settings().disk();
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  /** Trains and measures the given runs, which are not complete. */
  void execute(List<Branch> open) throws IOException {
    List<Branch> toTrain = new ArrayList<>();
    for (Branch branch : open) {
      Optional<Earlier> earlier = context.earlier().of(id(branch)).filter(Earlier::trained);
      if (earlier.isEmpty()
          || !checkpoints(branch).upTo(branch.steps()).isEmpty()
          || !measureStored(branch, earlier.get().run())) {
        toTrain.add(branch);
      }
    }
    if (!toTrain.isEmpty()) {
      context.deviceLock().readLock().lock();
      try {
        train(toTrain);
      } finally {
        context.deviceLock().readLock().unlock();
      }
    }
  }

  /** Records that runs have failed. A model that has been trained is kept. */
  void fail(List<Branch> runs, RunFailure failure) throws IOException {
    for (Branch run : runs) {
      Optional<Earlier> trained = context.earlier().read(id(run)).filter(Earlier::trained);
      if (trained.isPresent()) {
        keepMeasured(run, trained.get().run(), Optional.of(failure));
      } else {
        keep(run, trained(run, Optional.of(failure), OptionalDouble.empty(), 0, List.of()));
      }
    }
  }

  /** Measures a run with its stored model. Returns false if the run must be trained again. */
  private boolean measureStored(Branch branch, TrainedRun run) throws IOException {
    Path model = context.directory(id(branch)).resolve("model");
    if (run.model().isEmpty()) {
      return false;
    }
    reached(id(branch), branch.branchStep(), branch.steps());
    try {
      FileSum.verify(model, run.model());
    } catch (IOException e) {
      context.warn(
          "%s: its model is damaged (%s); the model will be trained again"
              .formatted(branch.key(), e.getMessage()));
      return false;
    }
    Optional<RunFailure> failure;
    context.deviceLock().readLock().lock();
    try {
      failure =
          failure(
              branch::steps,
              RunFailure.Kind.EVALUATOR,
              () -> {
                try (LanguageModel opened =
                    context.engine().openModel(model, context.layout().threads(job))) {
                  measure(branch, run, opened);
                }
              });
    } catch (DeviceLostException e) {
      failure = failed(RunFailure.Kind.DEVICE_LOST, e.toString(), e);
    } finally {
      context.deviceLock().readLock().unlock();
    }
    keepMeasured(branch, run, failure);
    return true;
  }

  private void train(List<Branch> open) throws IOException {
    try (TrainingLoop loop = new TrainingLoop(context, job, lost)) {
      for (int i = 0; i < open.size(); i++) {
        Branch branch = open.get(i);
        Attempt reach = () -> toBranch(loop, branch);
        Optional<RunFailure> failure = attempt(loop, RunFailure.Kind.OTHER, reach, reach);
        if (failure.isPresent()) {
          for (Branch missed : open.subList(i, open.size())) {
            // If the trunk failed, its checkpoints are kept for the next attempt.
            if (failure.get().isDivergence()) {
              Path run = context.createDirectory(id(missed));
              loop.metrics().keep(run.resolve(METRICS), disk);
            }
            keep(missed, trained(missed, failure, loop.recentLoss(), 0, List.of()));
          }
          return;
        }
        branch(loop, branch);
      }
    }
  }

  /** Trains or restores the model up to the branch step, or to a checkpoint of the branch. */
  private void toBranch(TrainingLoop loop, Branch branch) throws IOException {
    Path run = context.createDirectory(id(branch));
    if (loop.restore(checkpoints(branch), branch.steps(), run)) {
      reached(identity, 0, branch.branchStep());
      reached(id(branch), branch.branchStep(), loop.step());
      return;
    }
    if (branch.branchStep() == 0) {
      loop.start(run);
      return;
    }
    Path directory = context.createDirectory(identity);
    Checkpoints onTrunk = context.checkpoints(identity);
    if (!loop.restore(onTrunk, branch.branchStep(), directory)) {
      loop.start(directory);
    }
    reached(identity, 0, loop.step());
    loop.advance(
        branch.branchStep(),
        true,
        job::rate,
        onTrunk,
        (step, result, rate) -> stepped(identity, 0, job.last(), step, result, rate));
    loop.moveTo(run);
  }

  private void branch(TrainingLoop loop, Branch branch) throws IOException {
    long began = System.nanoTime();
    reached(id(branch), branch.branchStep(), loop.step());
    Attempt goOn =
        () -> {
          loop.advance(
              branch.steps(),
              false,
              step -> job.rate(branch, step),
              checkpoints(branch),
              (step, result, rate) ->
                  stepped(id(branch), branch.branchStep(), branch, step, result, rate));
          loop.metrics().sync(disk);
        };
    Attempt again =
        () -> {
          toBranch(loop, branch);
          goOn.run();
        };
    Optional<RunFailure> failure = attempt(loop, RunFailure.Kind.OTHER, goOn, again);
    double seconds = (System.nanoTime() - began) / 1e9;
    List<FileSum> model = failure.isEmpty() ? keepModel(branch) : List.<FileSum>of();
    TrainedRun run = trained(branch, failure, loop.recentLoss(), seconds, model);
    if (failure.isEmpty()) {
      context.records().save(run);
      Attempt measuring = () -> measure(branch, run, loop.model());
      Attempt fromCheckpoint =
          () -> {
            toBranch(loop, branch);
            measuring.run();
          };
      failure = attempt(loop, RunFailure.Kind.EVALUATOR, measuring, fromCheckpoint);
      keepMeasured(branch, run, failure);
    } else {
      keep(branch, run);
    }
    if (failure.isPresent() && !failure.get().isDivergence()) {
      loop.close(); // The state of the session is unknown after a failure.
    } else {
      checkpoints(branch).deleteAll();
    }
  }

  /** Measures a trained run, and stores its measurements. */
  private void measure(Branch branch, TrainedRun run, LanguageModel model) {
    Optional<Earlier> earlier = context.earlier().of(id(branch));
    if (earlier.isPresent()) {
      context.records().saveFailure(id(branch), Optional.empty()); // removes an earlier failure
    }
    LanguageModel stoppable =
        new LanguageModel() {
          @Override
          public int context() {
            return model.context();
          }

          @Override
          public int vocabulary() {
            return model.vocabulary();
          }

          @Override
          public void losses(int[] ids, int rows, int length, int first, float[] nats) {
            context.stop().check();
            model.losses(ids, rows, length, first, nats);
          }
        };
    Measurements measured =
        context
            .measurements()
            .complete(
                id(branch),
                earlier.map(Earlier::measured).orElseGet(context.measurements()::none),
                stoppable,
                (on, value) ->
                    context.progress().accept(ChildReport.measured(branch.key(), on, value)));
    context.earlier().add(id(branch), new Earlier(run, measured, run.failure()));
  }

  private List<FileSum> keepModel(Branch branch) throws IOException {
    return context.settings().keepModels()
        ? FinalModel.keep(
            checkpoints(branch).at(branch.steps()).trainer(),
            context.data().tokenizer(),
            context.directory(id(branch)),
            disk)
        : List.of();
  }

  private TrainedRun trained(
      Branch branch,
      Optional<RunFailure> failure,
      OptionalDouble recentLoss,
      double seconds,
      List<FileSum> model) {
    return new TrainedRun(
        results.unmeasured(branch, id(branch), failure, recentLoss, seconds),
        context.engine().device(),
        model);
  }

  /**
   * Reports a trained run after an attempt to measure it. A failure of the measurement is not
   * stored as a failure of the training, so that only the measurement is retried later.
   */
  private void keepMeasured(Branch branch, TrainedRun run, Optional<RunFailure> failure)
      throws IOException {
    if (failure.filter(RunFailure::isDivergence).isPresent()) {
      RunResult r = run.result();
      keep(branch, trained(branch, failure, r.trainingLoss(), r.seconds(), run.model()));
    } else {
      if (failure.isPresent()) {
        context.records().saveFailure(id(branch), failure);
        context.earlier().read(id(branch));
      }
      ended.accept(branch, context.earlier().of(id(branch)).orElseThrow().result(branch.key()));
    }
  }

  void reportStored(Branch branch) {
    ended.accept(branch, context.earlier().read(id(branch)).orElseThrow().result(branch.key()));
  }

  private void keep(Branch branch, TrainedRun run) throws IOException {
    context.records().saveFailure(id(branch), run.failure().filter(f -> !f.isDivergence()));
    context.records().save(run);
    ended.accept(branch, run.result());
  }

  /** Runs an operation, and retries it once from the last checkpoint if the device is lost. */
  private Optional<RunFailure> attempt(
      TrainingLoop loop, RunFailure.Kind kind, Attempt attempt, Attempt fromCheckpoint)
      throws IOException {
    try {
      return failure(loop::step, kind, attempt);
    } catch (DeviceLostException first) {
      loop.close();
      context.stop().check();
      context.warn(
          job + ": " + first.getMessage() + "; training continues from the last checkpoint");
    }
    context.deviceLock().readLock().unlock();
    context.deviceLock().writeLock().lock();
    try {
      return failure(loop::step, kind, fromCheckpoint);
    } catch (DeviceLostException second) {
      loop.close();
      return failed(RunFailure.Kind.DEVICE_LOST, "failed twice: " + second.getMessage(), second);
    } finally {
      context.deviceLock().readLock().lock();
      context.deviceLock().writeLock().unlock();
    }
  }

  /**
   * Runs an operation. An error that affects only this run becomes its failure; an error that
   * affects the whole study is thrown. A file error affects the whole study if it occurs in the
   * lab, but not if it occurs in an evaluator or an engine.
   *
   * @param kind the kind of the failure if the exception does not define it
   */
  private Optional<RunFailure> failure(LongSupplier step, RunFailure.Kind kind, Attempt attempt)
      throws IOException {
    try {
      attempt.run();
      return Optional.empty();
    } catch (TrainingLoop.Diverged e) {
      return Optional.of(RunFailure.diverged(e.step, e.reason));
    } catch (NonFiniteLossException e) {
      return Optional.of(RunFailure.diverged(step.getAsLong(), String.valueOf(e.getMessage())));
    } catch (StopSignal.Stopped | JobClaims.LostException | DeviceLostException e) {
      throw e;
    } catch (MixlawException e) {
      if (e.kind() == MixlawException.Kind.STORAGE) {
        throw e;
      }
      boolean engine = e.kind() == MixlawException.Kind.ENGINE;
      return failed(engine ? RunFailure.Kind.ENGINE : kind, e.toString(), e);
    } catch (RuntimeException e) {
      return failed(kind, e.toString(), e);
    } catch (OutOfMemoryError e) { // Other runs may need less memory.
      return failed(RunFailure.Kind.OUT_OF_MEMORY, e.toString(), e);
    }
  }

  private Optional<RunFailure> failed(RunFailure.Kind kind, String message, Throwable cause) {
    LOGGER.log(System.Logger.Level.WARNING, job + ": a run failed", cause);
    return Optional.of(RunFailure.of(kind, message, cause));
  }

  private void reached(String segment, long fromStep, long step) {
    context.reached(segment, job.tokens(fromStep, step));
  }

  private void stepped(
      String segment, long fromStep, Branch run, long step, StepResult result, double rate) {
    context
        .progress()
        .accept(
            new ChildReport(
                Kind.STEPPED,
                segment,
                job.tokens(fromStep, step),
                Optional.of(run.key()),
                step,
                run.steps(),
                result.loss(),
                result.gradientNorm(),
                rate,
                List.of()));
  }

  private Checkpoints checkpoints(Branch branch) {
    return context.checkpoints(id(branch));
  }

  private String id(Branch branch) {
    return context.identities().of(job, branch);
  }
}
