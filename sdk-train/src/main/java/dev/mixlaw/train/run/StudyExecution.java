package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A planned study, ready to run.
 *
 * <p>The constructor plans: {@link StudyPlanner} checks the description, creates a {@link RunJob}
 * for each mixture, model and seed, and finds earlier results. {@link #run} then
 *
 * <ol>
 *   <li>checks that the disk has enough space;
 *   <li>freezes engine, device, workers and threads at the first start, as they affect results;
 *   <li>reports earlier results;
 *   <li>executes the jobs in a {@link WorkerPool}, longest first, each by a {@link RunJobTrainer};
 *   <li>returns all results in the order of the plan.
 * </ol>
 */
final class StudyExecution implements StudyRunner.PlannedStudy {
  /** Bytes per parameter in a checkpoint: a weight and two moments in fp32. */
  private static final int CHECKPOINT_BYTES = 12;

  private final ExecutionPlan planned;
  private final PreparedData data;
  private final List<MultipleChoice> tests;
  private final RunStore store;
  private final RunSettings settings;

  /**
   * Plans a study.
   *
   * @throws MixlawException with all problems at once, if it cannot be run
   */
  public StudyExecution(
      Study study, PreparedData data, RunStore store, Resources resources, RunSettings settings) {
    this.planned = new StudyPlanner(study, data, store, resources, settings).plan();
    this.data = data;
    this.tests = study.tests();
    this.store = store;
    this.settings = settings;
  }

  @Override
  public Plan plan() {
    return planned.plan();
  }

  @Override
  public List<RunResult> run(DomainEvaluator evaluator, StudyListener listener) {
    roomOnDisk();
    Map<String, String> frozen = new LinkedHashMap<>();
    frozen.put("engine", planned.engine().name());
    frozen.put("device", planned.engine().device());
    frozen.put("workers", Integer.toString(planned.layout().workers()));
    frozen.put("threads per worker", Integer.toString(planned.layout().threadsPerWorker()));
    store.freeze(frozen);

    ProgressReporter progress = new ProgressReporter(listener, planned.plan().trainedTokens());
    tellEarlier(progress);
    Map<String, RunResult> results = new ConcurrentHashMap<>(planned.earlier());
    StopSignal stop = new StopSignal();
    TrainingContext context =
        new TrainingContext(
            data,
            tests,
            store,
            planned.engine(),
            planned.layout(),
            evaluator,
            planned.identities(),
            progress,
            stop,
            settings,
            new ReentrantReadWriteLock());
    List<RunJobTrainer> trainers =
        RemainingWork.longestFirst(planned.jobs()).stream()
            .map(
                t ->
                    new RunJobTrainer(
                        context, t, planned.earlier(), r -> results.put(r.identity(), r)))
            .toList();
    WorkerPool.run(planned.layout().workers(), trainers, stop);
    return planned.plan().runs().stream().map(PlannedRun::identity).map(results::get).toList();
  }

  private void tellEarlier(ProgressReporter progress) {
    for (RunJob job : planned.jobs()) {
      for (RunJob.Branch branch : job.branches()) {
        String identity = planned.identities().of(job, branch);
        RunResult result = planned.earlier().get(identity);
        if (RunResults.settled(result)) {
          progress.reached(planned.identities().of(job), job.tokens(0, branch.branchStep()));
          progress.reached(identity, job.tokens(branch.branchStep(), branch.steps()));
          progress.finished(result, true);
        }
      }
    }
  }

  /**
   * Checks that the disk has enough space for the models of all runs and for the checkpoints of all
   * workers: two of the trunk, two of the branch and one that is being written.
   */
  private void roomOnDisk() {
    long models = 0;
    long largest = 0;
    for (PlannedRun run : planned.plan().runs()) {
      if (!run.done()) {
        models += 4 * run.parameters();
        largest = Math.max(largest, run.parameters());
      }
    }
    if (largest == 0) {
      return;
    }
    long need =
        (settings.keepModels() ? models : 0)
            + 5L * planned.layout().workers() * CHECKPOINT_BYTES * largest;
    Path where = store.directory(planned.plan().runs().get(0).identity());
    long have;
    try {
      have = settings.disk().usable(where);
    } catch (IOException e) {
      throw Disk.fault("the study's directory cannot be used", where, e);
    }
    if (have < need) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "study " + planned.plan().study() + ": free space on the disk of " + where,
              have + " bytes",
              "at least " + need + " bytes for checkpoints and models",
              "free disk space, or use a directory elsewhere in Lab.open"));
    }
  }
}
