package dev.mixlaw.train.run;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.StudyRunner;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.RunSettings.CheckpointRule;
import dev.mixlaw.train.storage.Disk;
import java.util.function.ToIntFunction;

/**
 * Trains the runs of a study on this machine, several at once where models are small.
 *
 * <p>With warm-up, stable, decay, the budgets of one mixture, model and seed share a trunk: budget
 * {@code b} of {@code s} steps leaves it at step {@code round(s·(1 - decay))} and its learning rate
 * falls linearly to 0 at step {@code s}, on the text that the trunk would have read. With a cosine
 * every budget is trained from the beginning. A seed decides the first weights and the order of the
 * text, for all mixtures alike.
 *
 * <p>A run that diverges or fails is recorded and the others go on; failed ones are tried again by
 * the next start. An interrupt of the calling thread writes checkpoints, ends all workers and
 * throws {@link java.util.concurrent.CancellationException}. No thread is left when a method
 * returns.
 *
 * <p>On the disk, each run keeps its results and its final model (4 bytes a parameter; see {@link
 * #withoutModels}); each worker needs five checkpoints (12 bytes a parameter each) while it trains.
 */
public final class LocalStudyRunner implements StudyRunner {
  private final RunSettings settings;

  /** A runner on the engines that are installed. */
  public LocalStudyRunner() {
    this(RunSettings.of(Engines::choose, new Disk(), CheckpointRule.standard(), true));
  }

  LocalStudyRunner(RunSettings settings) {
    this.settings = settings;
  }

  /** A runner on this engine, whichever is asked for. */
  public LocalStudyRunner withEngine(TrainingEngine engine) {
    return new LocalStudyRunner(settings.withEngine(engine));
  }

  /** A runner that keeps results only, not the models they came from. */
  public LocalStudyRunner withoutModels() {
    return new LocalStudyRunner(settings.withKeepModels(false));
  }

  /**
   * A runner for studies whose mixtures belong to the models of certain seeds, as in rounds of
   * training on own text: it keeps models, and a mixture of n seeds has those from its first on.
   *
   * @param ofMixture the first seed by the mixture's name
   */
  public LocalStudyRunner withFirstSeeds(ToIntFunction<String> ofMixture) {
    return new LocalStudyRunner(settings.withKeepModels(true).withFirstSeeds(ofMixture));
  }

  /**
   * The engine that models are trained on.
   *
   * @param name as in {@link dev.mixlaw.api.spi.StudyRunner.Resources#engine}
   * @throws dev.mixlaw.api.MixlawException if there is none or it cannot run here
   */
  public TrainingEngine engine(String name) {
    return settings.engine(name).engine();
  }

  /**
   * A runner that trains each model in a Java virtual machine of its own, so that a failure of
   * native code ends that one and not this process. Its run goes on from the last checkpoint in
   * another JVM, with a warning; if that dies too, the run is recorded as failed with how its JVM
   * ended, the others go on, and the next start of the study tries it again. Results are the same
   * as without.
   *
   * <p>A child has this JVM's class path, largest heap and the system properties of the engines'
   * libraries, takes about 160 MB more a worker (the plan counts it), and ends when this process
   * does. The engine is made there from its class, so one with a state of its own is refused.
   */
  public LocalStudyRunner inChildJvms() {
    return new LocalStudyRunner(settings.withChildJvms());
  }

  @Override
  public PlannedStudy plan(Study study, PreparedData data, RunStore store, Resources resources) {
    return new StudyExecution(study, data, store, resources, settings);
  }
}
