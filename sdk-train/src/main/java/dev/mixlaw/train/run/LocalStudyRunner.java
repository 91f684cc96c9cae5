package dev.mixlaw.train.run;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.spi.LabStore;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.EarlierRuns.Earlier;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import dev.mixlaw.train.run.RunSettings.CheckpointRule;
import dev.mixlaw.train.run.StudyMeasurements.Measurements;
import dev.mixlaw.train.storage.Disk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Trains the runs of a study on this machine. Small models are trained concurrently.
 *
 * <p>With a warm-up-stable-decay schedule, the budgets of one mixture, model and seed share a
 * trunk. A budget of {@code s} steps branches off at step {@code round(s·(1 - decay))}. From there
 * its learning rate falls linearly to 0 at step {@code s}, and it reads the same text as the trunk.
 * With a cosine schedule every budget is trained from the start. The seed determines the initial
 * weights and the order of the text, in the same way for all mixtures.
 *
 * <p>A run that diverges or fails is recorded, and the others continue. The next start of the study
 * retries failed runs. If the calling thread is interrupted, the runner writes checkpoints, stops
 * all workers and throws {@link java.util.concurrent.CancellationException}. No thread is running
 * any more when a method returns.
 *
 * <p>Disk space: each run keeps its results and its final model (4 bytes per parameter; see {@link
 * #withoutModels}). Each worker needs five checkpoints (12 bytes per parameter each) while it
 * trains.
 */
public final class LocalStudyRunner implements StudyRunner {
  private final RunSettings settings;

  /** Creates a runner that uses the installed engines. */
  public LocalStudyRunner() {
    this(RunSettings.of(Engines::choose, new Disk(), CheckpointRule.standard(), true));
  }

  LocalStudyRunner(RunSettings settings) {
    this.settings = settings;
  }

  /** Returns a runner that uses the given engine instead of the engine that is set for the lab. */
  public LocalStudyRunner withEngine(TrainingEngine engine) {
    return new LocalStudyRunner(settings.withEngine(engine));
  }

  /** Returns a runner that keeps results but not the final models. By default, models are kept. */
  public LocalStudyRunner withoutModels() {
    return new LocalStudyRunner(settings.withKeepModels(false));
  }

  /**
   * Returns a runner for mixtures that belong to the models of certain seeds, as in rounds of
   * training on generated text. A mixture with n seeds uses n consecutive seeds, starting with its
   * first one. The runner keeps final models.
   *
   * @param ofMixture first seed of each mixture, by its name; default 0
   */
  public LocalStudyRunner withFirstSeeds(ToIntFunction<String> ofMixture) {
    return new LocalStudyRunner(settings.ofRounds(ofMixture));
  }

  /**
   * Returns the engine that trains the models.
   *
   * @param name name of a training engine, or {@code auto}
   * @throws dev.mixlaw.api.MixlawException if there is no such engine or it is not available here
   */
  public TrainingEngine engine(String name) {
    return settings.engine(name).engine();
  }

  /**
   * Returns a runner that trains each model in its own Java virtual machine, so that a crash of
   * native code does not end this process. A run whose JVM crashes continues from its last
   * checkpoint in a new JVM, with a warning. After a second crash the run is recorded as failed
   * with the crash report, and the other runs continue. Results are the same as without child JVMs.
   *
   * <p>A child JVM has the class path (or module path) and the maximum heap size of this JVM, and
   * the system properties of the engines' libraries. It takes about 160 MB more memory per worker,
   * which the plan includes, and ends with this process. It creates its engine from the class name.
   * An engine whose constructor has arguments is therefore refused.
   */
  public LocalStudyRunner inChildJvms() {
    return new LocalStudyRunner(settings.withChildJvms());
  }

  @Override
  public PlannedStudy plan(
      Study study,
      PreparedData data,
      LabStore store,
      DomainEvaluator evaluator,
      Resources resources) {
    return new StudyExecution(study, data, store, evaluator, resources, settings);
  }

  @Override
  public Optional<StoredStudy> stored(LabStore store, String study, Consumer<String> damaged) {
    LabRecords records = new LabRecords(store);
    return records.study(study, damaged).map(record -> stored(records, record, damaged));
  }

  private static StoredStudy stored(
      LabRecords records, StudyRecord study, Consumer<String> damaged) {
    List<RunResult> runs = new ArrayList<>();
    for (StudyRecord.Run run : study.runs()) {
      Measurements measured =
          StudyMeasurements.read(records, run.identity(), study.domains(), study.tests(), damaged);
      records
          .run(run.identity(), damaged)
          .map(trained -> new Earlier(trained, measured).result(run.key()))
          .ifPresent(runs::add);
    }
    return new StoredStudy(
        study.provenance(),
        runs,
        study.runs().size() - runs.size(),
        study.tokenizer(),
        study.tokenizerFile());
  }
}
