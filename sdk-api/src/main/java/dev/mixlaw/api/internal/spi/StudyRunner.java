package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Plans and trains the runs of a study. */
public interface StudyRunner {
  /**
   * Checks and plans a study. Trains and writes nothing.
   *
   * @param lab directory of the lab, which may not exist yet
   * @param evaluator measures losses
   * @throws dev.mixlaw.api.MixlawException if the study cannot be run; the exception lists all
   *     problems
   */
  PlannedStudy plan(
      Study study, PreparedData data, Path lab, DomainEvaluator evaluator, Resources resources);

  /** Returns the names of the studies that were run before, sorted. */
  default List<String> studies(Path lab) {
    return List.of();
  }

  /**
   * Returns a study that was run before, with its stored runs; empty if there is no such study.
   *
   * @param study name of the study
   * @param damaged receives a sentence for each damaged record, which is treated as missing, and a
   *     warning if the runs were trained on different devices
   */
  default Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
    return Optional.empty();
  }

  /**
   * Returns the tokenizer that was trained when the study was first run. The default implementation
   * returns the tokenizer in the description of the study.
   *
   * @param damaged receives a sentence if the stored tokenizer is damaged
   */
  default TokenizerSpec tokenizer(Path lab, Study study, Consumer<String> damaged) {
    return study.tokenizer();
  }

  /**
   * Returns the runner for the stages in which text is prepared. The default implementation returns
   * {@link StageRunner#LOCAL}.
   */
  default StageRunner stages() {
    return StageRunner.LOCAL;
  }

  /**
   * Executes jobs of the studies that are stored in a lab, until each job has ended in this process
   * or in another one. Returns immediately if there are no jobs.
   *
   * @param text opens the prepared text of a study
   * @throws dev.mixlaw.api.MixlawException if a study with open jobs cannot be continued with these
   *     resources; the other studies have then been continued
   */
  default void work(
      Path lab,
      PreparedText text,
      DomainEvaluator evaluator,
      Resources resources,
      StudyListener listener) {
    throw MixlawException.engine(
        "runner " + getClass().getName() + ": stored studies",
        "cannot be continued",
        "a runner that can do so, such as the one in mixlaw-train",
        "omit Lab.Builder.runner");
  }

  /** A function that opens text that was prepared earlier, like {@link DataPreparer#open}. */
  @FunctionalInterface
  interface PreparedText {
    PreparedData open(TokenizerSpec tokenizer, List<TextFacts> corpora, List<TextFacts> domains);
  }

  /**
   * Returns the shape of the model in a checkpoint, from which the runs of a study can start.
   *
   * @param checkpoint directory with {@code model.safetensors} and {@code config.json}
   * @throws dev.mixlaw.api.MixlawException if the directory does not contain a suitable model, or
   *     if this runner does not support a starting model, which is the default
   */
  default ModelSpec startingModel(Path checkpoint) {
    throw MixlawException.description(
        "runner " + getClass().getName() + ": model to start from",
        checkpoint.toString(),
        "a runner that continues training, such as the one in mixlaw-train",
        "omit Study.startFrom");
  }

  interface PlannedStudy {
    Plan plan();

    /**
     * Stores the description of the study and the tokenizer that was trained for it. {@link
     * StudyRunner#stored} and {@link StudyRunner#tokenizer} then return them, and {@link
     * StudyRunner#work} executes the jobs of the study.
     */
    default void store(Provenance provenance) {}

    /**
     * Trains and measures all runs that are not done yet, and returns all runs in the order of the
     * plan.
     */
    List<RunResult> run(StudyListener listener);
  }

  /**
   * The resources that a study may use.
   *
   * @param engine training engine; if empty, the study uses the engine that it used before, and a
   *     new study uses the fastest engine that can run
   * @param threads number of native threads of all workers together, at least 1
   * @param threadsPerRun number of threads per run, which affects the last digits of a result;
   *     empty for a default that depends only on the model
   * @param memoryBytes memory limit of all workers together, in bytes
   * @param strictReproduction whether a study is rejected if its runs were trained on different
   *     kinds of devices
   * @param lease time without a heartbeat after which the job of another process is taken over
   */
  record Resources(
      Optional<TrainingEngine> engine,
      int threads,
      OptionalInt threadsPerRun,
      long memoryBytes,
      boolean strictReproduction,
      Duration lease) {
    public Resources {
      Objects.requireNonNull(engine, "engine");
      Objects.requireNonNull(threadsPerRun, "threadsPerRun");
    }

    /** Creates resources with a lease of one minute. */
    public Resources(
        Optional<TrainingEngine> engine,
        int threads,
        OptionalInt threadsPerRun,
        long memoryBytes,
        boolean strictReproduction) {
      this(engine, threads, threadsPerRun, memoryBytes, strictReproduction, Duration.ofMinutes(1));
    }

    public Resources withEngine(TrainingEngine other) {
      return new Resources(
          Optional.of(other), threads, threadsPerRun, memoryBytes, strictReproduction, lease);
    }

    public Resources withMemoryBytes(long bytes) {
      return new Resources(engine, threads, threadsPerRun, bytes, strictReproduction, lease);
    }
  }
}
