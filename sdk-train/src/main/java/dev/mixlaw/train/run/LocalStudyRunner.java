package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains the runs of a study on this machine. Several small models are trained concurrently.
 *
 * <p>With a warmup-stable-decay schedule, all budgets of a mixture, model and seed share a trunk. A
 * budget of {@code s} steps branches off after {@code round(s·(1 - decay))} steps. The branch reads
 * the same text as the trunk, and its learning rate decreases linearly to 0 at step {@code s}. With
 * a cosine schedule, each budget is trained from the start. The initial weights and the order of
 * the text depend on the seed and not on the mixture.
 *
 * <p>If a run diverges or fails, this is recorded, and the other runs continue. Failed runs are
 * trained again when the study is next started. If the calling thread is interrupted, the runner
 * writes checkpoints, stops all workers and throws a {@link
 * java.util.concurrent.CancellationException}. All threads that a method has started have ended
 * when it returns.
 *
 * <p>Each run needs disk space for its results and its final model, which takes 4 bytes per
 * parameter (see {@link #withoutModels}). While a worker trains a run, it needs space for up to
 * five checkpoints of 12 bytes per parameter.
 */
public final class LocalStudyRunner implements StudyRunner {
  private final RunSettings settings;

  /** Creates a runner that trains in this JVM and keeps the final models. */
  public LocalStudyRunner() {
    this(RunSettings.of(new Disk(), CheckpointRule.standard(), true));
  }

  LocalStudyRunner(RunSettings settings) {
    this.settings = settings;
  }

  /** Returns a runner that does not keep the final models. By default, models are kept. */
  public LocalStudyRunner withoutModels() {
    return new LocalStudyRunner(settings.withKeepModels(false));
  }

  /** Returns a runner that keeps the final models, which is the default. */
  public LocalStudyRunner withModels() {
    return new LocalStudyRunner(settings.withKeepModels(true));
  }

  /** Returns a runner that keeps labs on another disk. */
  public LocalStudyRunner on(Disk disk) {
    return new LocalStudyRunner(settings.withDisk(disk));
  }

  /**
   * Returns a runner whose {@link #work} uses the given GPUs with the engine of each study.
   *
   * @param numbers indices of the GPUs; if there are none, the GPUs are those of the engine
   */
  public LocalStudyRunner onCards(int... numbers) {
    return new LocalStudyRunner(settings.withCards(Arrays.stream(numbers).boxed().toList()));
  }

  /**
   * Returns a runner that executes each job in its own JVM, so that a crash in native code does not
   * end this process. If a JVM crashes or does not respond for a minute, its run continues from the
   * last checkpoint in a new JVM, with a warning. After a second crash, the run is recorded as
   * failed, with a crash report, and the other runs continue. Child JVMs do not change the results.
   *
   * <p>A child JVM has the class path, module path and maximum heap size of this JVM, and the
   * system properties of the engines. A child JVM needs about 160 MB in addition to the memory of
   * the model; the plan includes both. A child JVM ends when this process ends. The classes of the
   * engine and the evaluator must have a constructor without parameters, because the child JVM
   * creates them from their class names. The classes must be on the class path, on the module path
   * or in an executable jar of Spring Boot, but not in a web application of a servlet container.
   */
  public LocalStudyRunner inChildJvms() {
    return inChildJvms(Duration.ofMinutes(1));
  }

  /** Returns a runner that kills child JVMs that have not reported for the given time. */
  LocalStudyRunner inChildJvms(Duration silence) {
    return new LocalStudyRunner(settings.withChildJvms(silence));
  }

  /**
   * Returns the time without reports after which a child JVM is killed, or empty if jobs run in
   * this JVM.
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
    return new StudyExecution(study, data, store, evaluator, resources, settings, true);
  }

  @Override
  public List<String> studies(Path lab) {
    return new LabRecords(LabStore.open(lab, settings.disk())).studies();
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

  @Override
  public void work(
      Path lab,
      PreparedText text,
      DomainEvaluator evaluator,
      Resources resources,
      StudyListener listener) {
    LabStore store = LabStore.open(lab, settings.disk());
    new LabWorker(store, text, evaluator, resources, settings, listener).run();
  }

  private static StoredStudy stored(
      LabRecords records, StudyRecord study, Consumer<String> damaged) {
    List<RunResult> runs = new ArrayList<>();
    List<String> devices = new ArrayList<>();
    for (StudyRecord.Run run : study.runs()) {
      records
          .earlier(run.identity(), study.measured(), damaged)
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
