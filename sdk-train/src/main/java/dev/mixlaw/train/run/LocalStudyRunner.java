package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import dev.mixlaw.train.run.RunSettings.CheckpointRule;
import dev.mixlaw.train.storage.Disk;
import java.nio.file.Path;
import java.time.Duration;
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
 * all workers and throws {@link java.util.concurrent.CancellationException}. When a method returns,
 * all threads that it started have ended.
 *
 * <p>Disk space: each run keeps its results and its final model (4 bytes per parameter; see {@link
 * #withoutModels}). Each worker needs five checkpoints (12 bytes per parameter each) while it
 * trains.
 */
public final class LocalStudyRunner implements StudyRunner {
  private final RunSettings settings;

  /** Creates a runner that trains in this JVM and keeps models. */
  public LocalStudyRunner() {
    this(RunSettings.of(new Disk(), CheckpointRule.standard(), true));
  }

  LocalStudyRunner(RunSettings settings) {
    this.settings = settings;
  }

  /** Returns a runner that keeps results but not the final models. By default, models are kept. */
  public LocalStudyRunner withoutModels() {
    return new LocalStudyRunner(settings.withKeepModels(false));
  }

  /**
   * Returns a runner for studies in which each mixture belongs to models with certain seeds, as in
   * rounds of training on generated text. A mixture with n seeds uses n consecutive seeds, starting
   * with its first seed. The runner keeps final models.
   *
   * @param ofMixture returns the first seed of the mixture with a given name; by default 0
   */
  public LocalStudyRunner withFirstSeeds(ToIntFunction<String> ofMixture) {
    return new LocalStudyRunner(settings.ofRounds(ofMixture));
  }

  /**
   * Returns a runner that executes each job in its own Java virtual machine, so that a crash of
   * native code does not end this process. A run whose JVM crashes, or does not respond for a
   * minute, continues from its last checkpoint in a new JVM, with a warning. After a second crash
   * the run is recorded as failed with the crash report, and the other runs continue. Results are
   * the same as without child JVMs.
   *
   * <p>A child JVM has the class path (or module path) and the maximum heap size of this JVM, and
   * the system properties of the engines' libraries. It takes about 160 MB more memory per worker,
   * which the plan includes, and ends with this process. It creates its engine and evaluator from
   * the names of their classes. Classes whose constructors have arguments are therefore refused.
   */
  public LocalStudyRunner inChildJvms() {
    return inChildJvms(Duration.ofMinutes(1));
  }

  /** Returns a runner that also kills child JVMs that have not reported for the given time. */
  LocalStudyRunner inChildJvms(Duration silence) {
    return new LocalStudyRunner(settings.withChildJvms(silence));
  }

  /**
   * Returns the duration of silence after which a child JVM is killed, or empty if jobs run in this
   * JVM.
   */
  public Optional<Duration> childJvms() {
    return settings.childJvms();
  }

  @Override
  public ModelSpec startingModel(Path checkpoint) {
    Checkpoint found = Checkpoint.of(checkpoint);
    String name = Names.isValid(found.model().name()) ? found.model().name() : "checkpoint";
    return found.model().named(name).withVocabulary(found.vocabulary());
  }

  @Override
  public PlannedStudy plan(
      Study study, PreparedData data, Path lab, DomainEvaluator evaluator, Resources resources) {
    LabStore store = LabStore.open(lab, settings.disk());
    return new StudyExecution(study, data, store, evaluator, resources, settings);
  }

  @Override
  public Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
    LabRecords records = new LabRecords(LabStore.open(lab, settings.disk()));
    return records.study(study, damaged).map(record -> stored(records, record, damaged));
  }

  @Override
  public TokenizerSpec tokenizer(Path lab, Study study, Consumer<String> damaged) {
    return new KeptTokenizers(LabStore.open(lab, settings.disk())).of(study, damaged);
  }

  private static StoredStudy stored(
      LabRecords records, StudyRecord study, Consumer<String> damaged) {
    List<RunResult> runs = new ArrayList<>();
    List<String> devices = new ArrayList<>();
    for (StudyRecord.Run run : study.runs()) {
      records
          .earlier(run.identity(), study.domains(), study.tests(), damaged)
          .ifPresent(
              earlier -> {
                runs.add(earlier.result(run.key()));
                devices.add(earlier.run().device());
              });
    }
    EarlierRuns.differentDevices(devices.stream())
        .filter(warning -> !study.provenance().warnings().contains(warning))
        .ifPresent(damaged);
    return new StoredStudy(study.provenance(), runs, study.runs().size() - runs.size());
  }
}
