package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.StudyRunner;
import dev.mixlaw.api.spi.StudyRunner.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A study that is planned, and can be run. */
public final class StudyRun implements StudyRunner.PlannedStudy {
  /** Bytes a parameter takes in a checkpoint: weight and two moments, in fp32. */
  private static final int CHECKPOINT_BYTES = 12;

  private final Planned planned;
  private final PreparedData data;
  private final List<MultipleChoice> tests;
  private final RunStore store;
  private final RunSettings settings;

  /**
   * Plans a study.
   *
   * @throws MixlawException with all problems at once, if it cannot be run
   */
  public StudyRun(
      Study study, PreparedData data, RunStore store, Resources resources, RunSettings settings) {
    this.planned = new Planner(study, data, store, resources, settings).plan();
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
    store.freeze("engine", planned.engine().name());
    store.freeze("device", planned.engine().device());
    planned.layout().freeze(store);

    Progress progress = new Progress(listener, planned.plan().trainedTokens());
    tellEarlier(progress);
    Map<String, RunResult> results = new ConcurrentHashMap<>(planned.earlier());
    Stop stop = new Stop();
    Workshop shop =
        new Workshop(
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
    List<TrunkTrainer> jobs =
        Outlook.longestFirst(planned.trunks()).stream()
            .map(
                t ->
                    new TrunkTrainer(shop, t, planned.earlier(), r -> results.put(r.identity(), r)))
            .toList();
    Workers.run(planned.layout().workers(), jobs, stop);
    return planned.plan().runs().stream().map(PlannedRun::identity).map(results::get).toList();
  }

  private void tellEarlier(Progress progress) {
    for (Trunk trunk : planned.trunks()) {
      for (Trunk.Point point : trunk.points()) {
        String identity = planned.identities().of(trunk, point);
        RunResult result = planned.earlier().get(identity);
        if (RunRecords.settled(result)) {
          long perStep = trunk.tokensPerStep();
          progress.reached(planned.identities().of(trunk), point.branchStep(), perStep);
          progress.reached(identity, point.steps() - point.branchStep(), perStep);
          progress.finished(result, true);
        }
      }
    }
  }

  /**
   * Refuses to begin where it could not end. What is kept: a model a run. What comes and goes: for
   * each worker two checkpoints of its trunk, two of its branch and one being written.
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
              "study " + planned.plan().study() + ": room on the disk of " + where,
              have + " bytes free",
              "at least " + need + " bytes for checkpoints and models",
              "freeing space, or Lab.open with a directory elsewhere"));
    }
  }
}
