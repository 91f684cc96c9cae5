package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.train.run.RunJob.Branch;
import dev.mixlaw.train.run.child.ChildJvmDiedException;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executes a {@link RunJob}: trains its trunk and branches, measures each run and stores its
 * result.
 *
 * <p>For each budget, in ascending order:
 *
 * <ol>
 *   <li>train the trunk to the branch step and write a checkpoint there;
 *   <li>train the branch to its end, with a decaying learning rate;
 *   <li>measure the model on all domains and tests, and store the result;
 *   <li>restore the checkpoint and continue with the next budget.
 * </ol>
 *
 * <p>Every step is resumable: a later start skips runs that have a result and continues from the
 * newest valid checkpoint. If a branch diverges or fails, this is recorded and the trunk continues.
 * If the trunk diverges or fails, all remaining budgets end with it. Storage errors end the whole
 * study by a {@link StudyAbortedException}.
 *
 * <p>If the child JVM dies or the device is lost, the step is retried once from the last
 * checkpoint. Each worker holds the read lock of {@link TrainingContext#deviceLock} while it has a
 * session. After a lost device the retry holds the write lock: it runs alone, because one of the
 * sessions that shared the device broke it.
 */
final class RunJobTrainer implements Runnable {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final TrainingContext context;
  private final RunJob job;
  private final Map<String, RunResult> earlier;
  private final Consumer<RunResult> results;
  private final String identity;
  private final RunResults records;
  private final Disk disk;
  private @Nullable Throwable failure;

  /**
   * Creates a trainer.
   *
   * @param earlier results by identity, at least those of this job's runs
   * @param results receives each run that ends here
   */
  RunJobTrainer(
      TrainingContext context,
      RunJob job,
      Map<String, RunResult> earlier,
      Consumer<RunResult> results) {
    this.context = context;
    this.job = job;
    this.earlier = earlier;
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
  public void run() {
    Path directory = context.store().directory(identity);
    try {
      boolean whole = true;
      List<Branch> open = job.branches().stream().filter(p -> !settled(p)).toList();
      for (Branch branch : job.branches()) {
        if (settled(branch)) {
          checkpoints(branch).deleteAll(); // what a kill left
        }
      }
      if (!open.isEmpty()) {
        whole = train(open);
      }
      if (whole) {
        disk.delete(directory);
      }
    } catch (IOException e) {
      throw new StudyAbortedException(Disk.fault(job.toString(), directory, e));
    }
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
    try (TrainingLoop loop = new TrainingLoop(context, job)) {
      for (int i = 0; i < open.size(); i++) {
        Branch branch = open.get(i);
        Attempt reach = () -> toBranch(loop, branch);
        Outcome reached = attempt(loop, reach, reach);
        if (!reached.isCompleted()) {
          for (Branch lost : open.subList(i, open.size())) {
            if (reached.isDiverged()) { // a trunk that failed stays for the next try
              Path run = context.store().directory(id(lost));
              loop.metrics().keep(run.resolve("metrics.jsonl"), disk);
            }
            keep(lost, records.unfinished(lost, id(lost), reached, loop.recentLoss(), 0));
          }
          return !reached.isFailed();
        }
        whole &= branch(loop, branch);
      }
    }
    return whole;
  }

  /** Brings the model to the branch step, or to where the branch was interrupted. */
  private void toBranch(TrainingLoop loop, Branch branch) throws IOException {
    Path run = context.store().directory(id(branch));
    if (loop.restore(checkpoints(branch), branch.steps(), run)) {
      reached(identity, 0, branch.branchStep());
      reached(id(branch), branch.branchStep(), loop.step());
      return;
    }
    if (branch.branchStep() == 0) {
      loop.start(run);
      return;
    }
    Path directory = context.store().directory(identity);
    Checkpoints onTrunk = new Checkpoints(directory, disk);
    if (!loop.restore(onTrunk, branch.branchStep(), directory)) {
      loop.start(directory);
    }
    reached(identity, 0, loop.step());
    Branch last = job.branches().get(job.branches().size() - 1);
    loop.advance(
        branch.branchStep(),
        job::rate,
        onTrunk,
        (step, loss) -> stepped(identity, 0, last, step, loss));
    loop.moveTo(run);
  }

  /**
   * Trains and measures a branch.
   *
   * @return whether it did not fail
   */
  private boolean branch(TrainingLoop loop, Branch branch) throws IOException {
    long began = System.nanoTime();
    List<DomainLoss> losses = new ArrayList<>();
    List<ChoiceAccuracy> choices = new ArrayList<>();
    Attempt goOn =
        () -> {
          losses.clear(); // of an attempt before
          choices.clear();
          loop.advance(
              branch.steps(),
              step -> job.rate(branch, step),
              checkpoints(branch),
              (step, loss) -> stepped(id(branch), branch.branchStep(), branch, step, loss));
          losses.addAll(measure(loop));
          choices.addAll(answers(loop));
          loop.metrics().sync(disk);
          keepModel(branch);
        };
    Attempt again =
        () -> {
          toBranch(loop, branch);
          goOn.run();
        };
    Outcome outcome = attempt(loop, goOn, again);
    double seconds = (System.nanoTime() - began) / 1e9;
    OptionalDouble recent = loop.recentLoss();
    if (outcome.isCompleted()) {
      keep(branch, records.completed(branch, id(branch), losses, choices, recent, seconds));
    } else {
      keep(branch, records.unfinished(branch, id(branch), outcome, recent, seconds));
    }
    if (outcome.isFailed()) {
      loop.close(); // nobody knows what state it is in
      return false;
    }
    checkpoints(branch).deleteAll();
    return true;
  }

  private List<DomainLoss> measure(TrainingLoop loop) {
    List<DomainLoss> losses =
        context
            .evaluator()
            .evaluate(
                loop.model(), context.data().tokenizer().endOfText(), context.data().domains());
    for (DomainLoss loss : losses) {
      if (!Double.isFinite(loss.nats())) {
        throw new TrainingLoop.Diverged(
            loop.step(), "the loss on domain " + loss.domain() + " is " + loss.nats());
      }
    }
    return losses;
  }

  private List<ChoiceAccuracy> answers(TrainingLoop loop) {
    return context.tests().isEmpty()
        ? List.of()
        : context.evaluator().answer(loop.model(), context.data().tokenizer(), context.tests());
  }

  private void keepModel(Branch branch) throws IOException {
    if (context.settings().keepModels()) {
      FinalModel.keep(
          checkpoints(branch).at(branch.steps()).trainer(),
          context.data().tokenizer(),
          context.store().directory(id(branch)),
          disk);
    }
  }

  private void keep(Branch branch, RunResult result) throws IOException {
    keepStackTrace(context.store().directory(id(branch)).resolve("failure.txt"), result.outcome());
    context.store().save(result);
    results.accept(result);
    reached(identity, 0, branch.branchStep());
    reached(id(branch), branch.branchStep(), branch.steps());
    context.progress().finished(result, false);
  }

  /**
   * Runs an operation, and retries it once from the last checkpoint if its JVM dies or its device
   * is lost. The cause may have been transient, such as another process that took all memory.
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
    try {
      attempt.run();
      return Outcome.completed();
    } catch (TrainingLoop.Diverged e) {
      return Outcome.diverged(e.step, e.reason);
    } catch (NonFiniteLossException e) {
      return Outcome.diverged(loop.step(), String.valueOf(e.getMessage()));
    } catch (StopSignal.Stopped
        | StudyAbortedException
        | ChildJvmDiedException
        | DeviceLostException e) {
      throw e;
    } catch (RuntimeException e) {
      IOException io = Disk.ioCause(e);
      if (io != null) {
        throw new StudyAbortedException(
            Disk.fault(job.toString(), context.store().directory(identity), io));
      }
      if (e instanceof MixlawException mixlaw && mixlaw.kind() == MixlawException.Kind.STORAGE) {
        throw new StudyAbortedException(e);
      }
      return failed(e);
    } catch (OutOfMemoryError e) {
      return failed(e); // native memory too is asked for by one model alone
    }
  }

  private Outcome failed(Throwable cause) {
    failure = cause;
    LOGGER.log(System.Logger.Level.WARNING, job + ": a run failed", cause);
    return Outcome.failed(cause.toString());
  }

  /** Writes the stack trace of a failed run, or deletes that of an earlier start. */
  private void keepStackTrace(Path file, Outcome outcome) throws IOException {
    if (outcome.isFailed() && failure != null) {
      StringBuilder text = new StringBuilder();
      for (Throwable t = failure; t != null; t = t.getCause()) {
        text.append(t == failure ? "" : "Caused by: ").append(t).append('\n');
        for (StackTraceElement element : t.getStackTrace()) {
          text.append("\tat ").append(element).append('\n');
        }
      }
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
    return new Checkpoints(context.store().directory(id(branch)), disk);
  }

  private String id(Branch branch) {
    return context.identities().of(job, branch);
  }

  private boolean settled(Branch branch) {
    return RunResults.settled(earlier.get(id(branch)));
  }
}
