package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import dev.mixlaw.train.run.child.ChildReport;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A planned study that is ready to run.
 *
 * <p>The constructor plans the study with a {@link StudyPlanner}, which creates a {@link RunJob}
 * for each mixture, model and seed. The method {@link #run} executes the following steps:
 *
 * <ol>
 *   <li>Check that the disk has enough space.
 *   <li>Execute each job with a {@link JobWorker} in a {@link WorkerPool}, longest first.
 *   <li>Execute the jobs that check other learning rates with the best mixtures.
 *   <li>Return all results in the order of the plan.
 * </ol>
 *
 * <p>A {@link LabWorker} executes the second and the third step of studies that other processes
 * have planned.
 */
final class StudyExecution implements StudyRunner.PlannedStudy {
  /** Number of bytes per parameter in a checkpoint: a weight and two moments in fp32. */
  private static final int CHECKPOINT_BYTES = 12;

  private final Study study;
  private final Function<Boolean, ExecutionPlan> planner;
  private ExecutionPlan planned;
  private @Nullable Provenance stored;

  /** The workers of the jobs that have not ended; null before the first call of {@link #work}. */
  private @Nullable List<JobWorker> left;

  /** Whether the jobs that check other learning rates are being executed. */
  private boolean checking;

  private final EndedJobs ended;
  private final StopSignal stop = new StopSignal();
  private final PreparedData data;
  private final LabStore store;
  private final StudyMeasurements measurements;
  private final RunSettings settings;
  private final boolean strict;
  private final Duration lease;

  /**
   * Plans a study.
   *
   * @param reading whether the results that are in the lab are read; a worker does not need them
   * @throws MixlawException if the study cannot be run; the exception lists all problems
   */
  StudyExecution(
      Study study,
      PreparedData data,
      LabStore store,
      DomainEvaluator evaluator,
      Resources resources,
      RunSettings settings,
      boolean reading) {
    this.study = study;
    this.data = data;
    this.store = store;
    this.measurements =
        new StudyMeasurements(new LabRecords(store), data, study.tests(), evaluator);
    this.settings = settings;
    this.strict = resources.strictReproduction();
    this.lease = resources.lease();
    this.planner =
        read -> new StudyPlanner(study, data, store, measurements, resources, settings).plan(read);
    this.planned = planner.apply(reading);
    this.ended =
        new EndedJobs(store, study.name(), planned.plan().digest(), lease, System::nanoTime);
  }

  @Override
  public Plan plan() {
    return planned.plan();
  }

  @Override
  public List<RunResult> run(StudyListener listener) {
    roomOnDisk();
    if (stored == null) {
      reopen();
    }
    ProgressReporter progress = new ProgressReporter(listener, planned.plan().trainedTokens());
    Map<RunKey, RunResult> results = new ConcurrentHashMap<>();
    try (JobClaims claims = new JobClaims(store, lease)) {
      for (int times = 0; !work(claims, progress, Optional.of(results)); times++) {
        WorkerPool.pause(times);
      }
    }
    Optional<String> devices = planned.earlier().differentDevices(planned.engine());
    if (devices.isPresent() && !planned.plan().warnings().contains(devices.get())) {
      // Another process has trained some of the runs in the meantime.
      if (strict) {
        throw new MixlawException(
            MixlawException.Kind.ENGINE, StudyPlanner.notReproducible(study.name(), devices.get()));
      }
      progress.accept(ChildReport.of(ChildReport.Kind.WARNED, devices.get(), 0));
    }
    return planned.plan().runs().stream().map(PlannedRun::key).map(results::get).toList();
  }

  /**
   * Executes all jobs that no other process is executing. May be called again later.
   *
   * @param results receives the results of all runs, also of those that other processes have
   *     completed; if empty, such results are not read
   * @return whether all jobs of the study have ended
   */
  boolean work(
      JobClaims claims, ProgressReporter progress, Optional<Map<RunKey, RunResult>> results) {
    if (left == null) {
      left = workers(true, claims, progress, results);
    }
    left = WorkerPool.run(planned.layout().workers(), planned.layout().threads(), left, stop);
    if (left.isEmpty() && !checking && !study.rateFactors().isEmpty()) {
      checking = true;
      planned = planner.apply(true); // the best mixtures are known now
      if (stored != null) {
        store(stored);
      }
      left = workers(false, claims, progress, results);
      return work(claims, progress, results);
    }
    return left.isEmpty();
  }

  private List<JobWorker> workers(
      boolean inGrid,
      JobClaims claims,
      ProgressReporter progress,
      Optional<Map<RunKey, RunResult>> results) {
    List<TrainingContext> devices =
        planned.engine().devices().stream()
            .map(
                device ->
                    new TrainingContext(
                        data,
                        store,
                        measurements,
                        planned.earlier(),
                        device,
                        planned.layout(),
                        planned.identities(),
                        progress,
                        stop,
                        settings,
                        new ReentrantReadWriteLock()))
            .toList();
    List<RunJob> jobs = planned.jobs().stream().filter(j -> j.isInGrid() == inGrid).toList();
    List<RunJob> order =
        results.isPresent()
            ? RemainingWork.longestFirst(jobs)
            : RemainingWork.longestFirst(jobs, RemainingWork::work, new Random());
    Set<RunJob> late = Set.copyOf(RemainingWork.late(order));
    Map<RunJob, JobWorker> workers = new HashMap<>();
    for (RunJob job : jobs) {
      JobWorker worker =
          new JobWorker(
              devices,
              claims,
              ended,
              results.isPresent(),
              job,
              late.contains(job),
              (result, earlier) -> {
                results.ifPresent(all -> all.put(result.key(), result));
                progress.finished(result, earlier);
              });
      workers.put(job, worker);
      if (results.isPresent()) {
        worker.reportSettled();
      }
    }
    return order.stream().map(workers::get).toList();
  }

  /**
   * Marks jobs as not ended if they have runs that are not complete, so that they are executed
   * again.
   */
  private void reopen() {
    ended.removeAll(
        planned.jobs().stream()
            .filter(
                job ->
                    job.branches().stream()
                        .anyMatch(b -> !planned.earlier().settled(planned.identities().of(job, b))))
            .map(job -> JobWorker.name(planned.identities(), job))
            .toList());
  }

  @Override
  public void store(Provenance provenance) {
    if (stored == null) {
      reopen();
      ended.deleteOthers(study.name());
      store.shareText(data);
    }
    stored = provenance;
    List<StudyRecord.Run> runs =
        planned.plan().runs().stream()
            .map(r -> new StudyRecord.Run(r.key(), r.identity()))
            .toList();
    measurements
        .records()
        .save(
            new StudyRecord(
                LabRecords.FORMAT,
                study.tokenizer().toString(),
                new KeptTokenizers(store).keep(study, data.tokenizer()),
                provenance,
                measurements.on(),
                runs,
                trunks(),
                Optional.of(StoredWork.of(study, planned, settings.keepModels()))));
    store.awaitListed("studies/" + study.name());
  }

  private List<String> trunks() {
    return planned.jobs().stream().map(planned.identities()::of).distinct().toList();
  }

  /**
   * Checks that the disk has space for the model of each run and the checkpoints from which runs
   * branch off. Each worker also needs five checkpoints: two of the trunk, two of the branch and
   * one that is being written.
   */
  private void roomOnDisk() {
    long models = 0;
    long largest = 0;
    for (PlannedRun run : planned.plan().runs()) {
      if (!run.trained()) {
        models += (4 + CHECKPOINT_BYTES) * run.parameters();
        largest = Math.max(largest, run.parameters());
      }
    }
    if (largest == 0) {
      return;
    }
    long need =
        (settings.keepModels() ? models : 0)
            + 5L * planned.layout().workers() * CHECKPOINT_BYTES * largest;
    Path where = store.directory("runs");
    long have;
    try {
      have = settings.disk().usable(Files.createDirectories(where));
    } catch (IOException e) {
      throw Disk.fault("the study's directory cannot be used", where, e);
    }
    if (have < need) {
      throw MixlawException.storage(
          "study " + planned.plan().study() + ": free space on the disk of " + where,
          have + " bytes",
          "at least " + need + " bytes for checkpoints and models",
          "free disk space, or use a directory elsewhere in Lab.open");
    }
  }
}
