package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.train.run.EarlierRuns.Earlier;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.run.RunJob.Branch;
import dev.mixlaw.train.run.StudyMeasurements.Measurements;
import dev.mixlaw.train.run.child.ChildJvmDiedException;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes a {@link RunJob}: trains its trunk and branches, measures each run and stores its
 * result.
 *
 * <p>For each budget, in ascending order:
 *
 * <ol>
 *   <li>train the trunk to the branch step and write a checkpoint there;
 *   <li>train the branch to its end, with a decaying learning rate, and store the model;
 *   <li>measure the model on all domains and tests, and store each measurement;
 *   <li>restore the checkpoint and continue with the next budget.
 * </ol>
 *
 * <p>A run that is in the lab is not trained again. Its missing measurements are performed with its
 * stored model. Every step is resumable: a later start continues from the newest valid checkpoint.
 * If a branch diverges or fails, this is recorded and the trunk continues. If the trunk diverges or
 * fails, all remaining budgets end with it. Storage errors end the whole study with a {@link
 * StudyAbortedException}.
 *
 * <p>If the child JVM dies or the device is lost, the step is retried once from the last
 * checkpoint. Each worker holds the read lock of {@link TrainingContext#deviceLock} while it has a
 * session. After a lost device the retry holds the write lock: it runs alone, because one of the
 * sessions that shared the device caused the failure.
 */
final class RunJobTrainer implements WorkerPool.Job {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private static final String METRICS = "metrics.jsonl";

  private final TrainingContext context;
  private final RunJob job;
  private final Consumer<RunResult> results;
  private final String identity;
  private final RunResults records;
  private final Disk disk;
  private final Set<String> told = new HashSet<>();
  private @Nullable Throwable failure;
  private JobClaims.@Nullable Claim claim;

  /**
   * Creates a trainer.
   *
   * @param results receives each run that ends here
   */
  RunJobTrainer(TrainingContext context, RunJob job, Consumer<RunResult> results) {
    this.context = context;
    this.job = job;
    this.results = results;
    this.identity = context.identities().of(job);
    this.records = new RunResults(job, context.data());
    this.disk = context.settings().disk();
  }

  /** An operation that may fail. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  @Override
  public int threads() {
    return context.layout().threads(job);
  }

  @Override
  public boolean run() {
    if (open(true).isEmpty() && isTidy()) {
      return true;
    }
    Optional<JobClaims.Claim> mine = context.claims().claim(identity);
    if (mine.isEmpty()) {
      return false;
    }
    try (JobClaims.Claim held = mine.get()) {
      claim = held;
      runClaimed();
      return true;
    } catch (JobClaims.LostException e) {
      return false;
    } catch (IOException e) {
      throw new StudyAbortedException(Disk.fault(job.toString(), context.directory(identity), e));
    }
  }

  /** Reports the runs that an earlier start or another study has completed. */
  void reportSettled() {
    open(true);
  }

  /**
   * Returns the runs that are not completed, and reports the others once.
   *
   * @param known whether the state read earlier from the lab may be used
   */
  private List<Branch> open(boolean known) {
    List<Branch> open = new ArrayList<>();
    for (Branch branch : job.branches()) {
      Optional<Earlier> earlier =
          known ? context.earlier().of(id(branch)) : context.earlier().read(id(branch));
      if (earlier.isEmpty() || !earlier.get().settled()) {
        open.add(branch);
      } else if (told.add(id(branch))) {
        ended(branch, earlier.get().result(branch.key()), true);
      }
    }
    return open;
  }

  /** Returns whether no files that only training needs are left over from an interrupted start. */
  private boolean isTidy() {
    Path trunk = context.directory(identity);
    return !Files.exists(context.settings().keepModels() ? trunk.resolve(METRICS) : trunk)
        && job.branches().stream().allMatch(b -> checkpoints(b).isEmpty());
  }

  private void runClaimed() throws IOException {
    List<Branch> open = open(false); // another process may have ended some
    for (Branch branch : job.branches()) {
      if (!open.contains(branch)) {
        checkpoints(branch).deleteAll(); // left by an interrupted start
      }
    }
    boolean whole = true;
    List<Branch> toTrain = new ArrayList<>();
    for (Branch branch : open) {
      Optional<Earlier> earlier = context.earlier().of(id(branch));
      if (earlier.isEmpty() || !earlier.get().trained()) {
        toTrain.add(branch);
      } else if (!checkpoints(branch).upTo(branch.steps()).isEmpty()
          || !measureStored(branch, earlier.get())) {
        toTrain.add(branch);
      }
    }
    if (!toTrain.isEmpty()) {
      whole = train(toTrain);
    }
    if (whole) {
      if (context.settings().keepModels() && job.steps() > 0) {
        new Checkpoints(context.directory(identity), disk).deleteOthers();
        disk.delete(context.directory(identity).resolve(METRICS));
      } else {
        disk.delete(context.directory(identity));
      }
    }
  }

  /**
   * Measures a run with its stored model.
   *
   * @return whether the run is complete; if not, it must be trained again
   */
  private boolean measureStored(Branch branch, Earlier earlier) throws IOException {
    Path model = context.directory(id(branch)).resolve("model");
    if (earlier.run().model().isEmpty()) {
      return false;
    }
    try {
      FileSum.verify(model, earlier.run().model());
    } catch (IOException e) {
      context
          .progress()
          .warned(
              branch.key()
                  + ": its model is damaged ("
                  + e.getMessage()
                  + "); the model will be trained again");
      return false;
    }
    context.deviceLock().readLock().lock();
    Outcome outcome;
    try {
      outcome =
          outcome(
              branch::steps,
              () -> {
                try (ModelSession session = context.engine().openModel(model, threads())) {
                  measure(branch, session.model());
                }
              });
    } catch (ChildJvmDiedException | DeviceLostException e) {
      outcome = failed(e);
    } finally {
      context.deviceLock().readLock().unlock();
    }
    keepMeasured(branch, earlier.run(), outcome);
    return true;
  }

  /**
   * Trains the runs that have no result yet.
   *
   * @return whether no run failed, so that the trunk's checkpoints can be deleted
   */
  private boolean train(List<Branch> open) throws IOException {
    context.deviceLock().readLock().lock();
    try {
      return trainBeside(open);
    } finally {
      context.deviceLock().readLock().unlock();
    }
  }

  private boolean trainBeside(List<Branch> open) throws IOException {
    boolean whole = true;
    try (TrainingLoop loop = new TrainingLoop(context, job, held())) {
      for (int i = 0; i < open.size(); i++) {
        Branch branch = open.get(i);
        Attempt reach = () -> toBranch(loop, branch);
        Outcome reached = attempt(loop, reach, reach);
        if (!reached.isCompleted()) {
          for (Branch lost : open.subList(i, open.size())) {
            if (reached
                .isDiverged()) { // the checkpoints of a failed trunk are kept for the next try
              Path run = context.createDirectory(id(lost));
              loop.metrics().keep(run.resolve(METRICS), disk);
            }
            keep(lost, trained(lost, reached, loop.recentLoss(), 0, List.of()));
          }
          return !reached.isFailed();
        }
        whole &= branch(loop, branch);
      }
    }
    return whole;
  }

  private JobClaims.Claim held() {
    return Objects.requireNonNull(claim, "claim");
  }

  /**
   * Trains or restores the model up to the branch step, or to the step at which the branch was
   * interrupted.
   */
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
    Checkpoints onTrunk = new Checkpoints(directory, disk);
    if (!loop.restore(onTrunk, branch.branchStep(), directory)) {
      loop.start(directory);
    }
    reached(identity, 0, loop.step());
    Branch last = job.branches().get(job.branches().size() - 1);
    loop.advance(
        branch.branchStep(),
        true,
        job::rate,
        onTrunk,
        (step, loss) -> stepped(identity, 0, last, step, loss));
    loop.moveTo(run);
  }

  /**
   * Trains and measures a branch.
   *
   * @return false if it failed
   */
  private boolean branch(TrainingLoop loop, Branch branch) throws IOException {
    long began = System.nanoTime();
    Attempt goOn =
        () -> {
          loop.advance(
              branch.steps(),
              false,
              step -> job.rate(branch, step),
              checkpoints(branch),
              (step, loss) -> stepped(id(branch), branch.branchStep(), branch, step, loss));
          loop.metrics().sync(disk);
        };
    Attempt again =
        () -> {
          toBranch(loop, branch);
          goOn.run();
        };
    Outcome outcome = attempt(loop, goOn, again);
    double seconds = (System.nanoTime() - began) / 1e9;
    List<FileSum> model = outcome.isCompleted() ? keepModel(branch) : List.<FileSum>of();
    TrainedRun run = trained(branch, outcome, loop.recentLoss(), seconds, model);
    if (outcome.isCompleted()) {
      context.records().save(run);
      Attempt measuring = () -> measure(branch, loop.model());
      Attempt fromCheckpoint =
          () -> {
            toBranch(loop, branch);
            measuring.run();
          };
      outcome = attempt(loop, measuring, fromCheckpoint);
      keepMeasured(branch, run, outcome);
    } else {
      keep(branch, run);
    }
    if (outcome.isFailed()) {
      loop.close(); // its state is unknown
      return false;
    }
    checkpoints(branch).deleteAll();
    return true;
  }

  private void measure(Branch branch, LanguageModel model) {
    context
        .measurements()
        .complete(
            id(branch),
            context.measurements().of(id(branch), damaged -> {}),
            new StoppableModel(model, context.stop()));
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
      Outcome outcome,
      OptionalDouble recentLoss,
      double seconds,
      List<FileSum> model) {
    return new TrainedRun(
        records.unmeasured(branch, id(branch), outcome, recentLoss, seconds),
        context.engine().device(),
        model);
  }

  /**
   * Reports a run that was trained, after measuring. A failed measurement is not stored as a
   * failure of the run, so that only the measurement is retried.
   */
  private void keepMeasured(Branch branch, TrainedRun run, Outcome outcome) throws IOException {
    if (outcome.isDiverged()) {
      keep(branch, withOutcome(branch, run, outcome));
    } else if (outcome.isFailed()) {
      keepStackTrace(branch, outcome);
      ended(branch, withOutcome(branch, run, outcome).result(), false);
    } else {
      keepStackTrace(branch, outcome);
      Measurements measured = context.measurements().of(id(branch), damaged -> {});
      ended(branch, new Earlier(run, measured).result(branch.key()), false);
    }
  }

  private TrainedRun withOutcome(Branch branch, TrainedRun run, Outcome outcome) {
    RunResult r = run.result();
    return new TrainedRun(
        records.unmeasured(branch, r.identity(), outcome, r.trainingLoss(), r.seconds()),
        run.device(),
        run.model());
  }

  private void keep(Branch branch, TrainedRun run) throws IOException {
    keepStackTrace(branch, run.outcome());
    context.records().save(run);
    ended(branch, run.result(), false);
  }

  private void ended(Branch branch, RunResult result, boolean earlier) {
    told.add(id(branch));
    results.accept(result);
    reached(identity, 0, branch.branchStep());
    reached(id(branch), branch.branchStep(), branch.steps());
    context.progress().finished(result, earlier);
  }

  /**
   * Runs an operation, and retries it once from the last checkpoint if its JVM dies or its device
   * is lost. The cause may have been transient, such as another process that used all memory.
   */
  private Outcome attempt(TrainingLoop loop, Attempt attempt, Attempt fromCheckpoint)
      throws IOException {
    boolean alone;
    try {
      return outcome(loop, attempt);
    } catch (ChildJvmDiedException | DeviceLostException first) {
      loop.close();
      context.stop().check();
      alone = first instanceof DeviceLostException;
      context
          .progress()
          .warned(
              job + ": training continues from the last checkpoint after: " + first.getMessage());
    }
    try {
      return alone ? alone(loop, fromCheckpoint) : outcome(loop, fromCheckpoint);
    } catch (ChildJvmDiedException | DeviceLostException second) {
      loop.close();
      failure = second;
      return Outcome.failed("failed twice: " + second.getMessage());
    }
  }

  /** Runs an operation while no other session is open. */
  private Outcome alone(TrainingLoop loop, Attempt attempt) throws IOException {
    context.deviceLock().readLock().unlock();
    context.deviceLock().writeLock().lock();
    try {
      return outcome(loop, attempt);
    } finally {
      context.deviceLock().readLock().lock();
      context.deviceLock().writeLock().unlock();
    }
  }

  /**
   * Runs an operation. Errors of this run become its outcome; errors that concern the whole study
   * are thrown.
   */
  private Outcome outcome(TrainingLoop loop, Attempt attempt) throws IOException {
    return outcome(() -> loop.step(), attempt);
  }

  private Outcome outcome(LongSupplier step, Attempt attempt) throws IOException {
    try {
      attempt.run();
      return Outcome.completed();
    } catch (TrainingLoop.Diverged e) {
      return Outcome.diverged(e.step, e.reason);
    } catch (NonFiniteLossException e) {
      return Outcome.diverged(step.getAsLong(), String.valueOf(e.getMessage()));
    } catch (StopSignal.Stopped
        | JobClaims.LostException
        | StudyAbortedException
        | ChildJvmDiedException
        | DeviceLostException e) {
      throw e;
    } catch (RuntimeException e) {
      IOException io = Disk.ioCause(e);
      if (io != null) {
        throw new StudyAbortedException(
            Disk.fault(job.toString(), context.directory(identity), io));
      }
      if (e instanceof MixlawException mixlaw && mixlaw.kind() == MixlawException.Kind.STORAGE) {
        throw new StudyAbortedException(e);
      }
      return failed(e);
    } catch (OutOfMemoryError e) {
      return failed(e); // a lack of native memory also concerns only this model
    }
  }

  private Outcome failed(Throwable cause) {
    failure = cause;
    LOGGER.log(System.Logger.Level.WARNING, job + ": a run failed", cause);
    return Outcome.failed(cause.toString());
  }

  /** Writes the stack trace of a failed run, or deletes the stack trace of an earlier start. */
  private void keepStackTrace(Branch branch, Outcome outcome) throws IOException {
    Path file = context.directory(id(branch)).resolve("failure.txt");
    if (outcome.isFailed() && failure != null) {
      StringBuilder text = new StringBuilder();
      for (Throwable t = failure; t != null; t = t.getCause()) {
        text.append(t == failure ? "" : "Caused by: ").append(t).append('\n');
        for (StackTraceElement element : t.getStackTrace()) {
          text.append("\tat ").append(element).append('\n');
        }
      }
      context.createDirectory(id(branch));
      disk.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } else if (Files.exists(file)) {
      disk.delete(file);
    }
  }

  private void reached(String segment, long fromStep, long step) {
    context.progress().reached(segment, job.tokens(fromStep, step));
  }

  private void stepped(String segment, long fromStep, Branch run, long step, double loss) {
    context
        .progress()
        .stepped(segment, job.tokens(fromStep, step), run.key(), step, run.steps(), loss);
  }

  private Checkpoints checkpoints(Branch branch) {
    return new Checkpoints(context.directory(id(branch)), disk);
  }

  private String id(Branch branch) {
    return context.identities().of(job, branch);
  }
}
