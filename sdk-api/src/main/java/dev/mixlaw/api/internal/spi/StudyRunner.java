package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Plans and trains the runs of a study. */
public interface StudyRunner {
  /**
   * Checks and plans a study. Nothing is trained or written yet.
   *
   * @param study description of the study
   * @param data tokenized text of the study
   * @param lab directory of the lab, which may not exist yet
   * @param evaluator measures losses
   * @param resources resources that training may use
   * @throws dev.mixlaw.api.MixlawException if the study cannot be run; the exception lists all
   *     problems
   */
  PlannedStudy plan(
      Study study, PreparedData data, Path lab, DomainEvaluator evaluator, Resources resources);

  /**
   * Returns a study that was run before, together with the runs that the lab has; empty if there is
   * no such study.
   *
   * @param study name of the study
   * @param damaged receives a sentence for each damaged record; the content of a damaged record
   *     counts as missing
   */
  default Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
    return Optional.empty();
  }

  /**
   * Returns the tokenizer that was trained when a study was first run; by default, the study's
   * description of its tokenizer.
   *
   * @param damaged receives a sentence if the tokenizer in the lab is damaged
   */
  default TokenizerSpec tokenizer(Path lab, Study study, Consumer<String> damaged) {
    return study.tokenizer();
  }

  /** A study that was checked and can be run. */
  interface PlannedStudy {
    /** Returns the plan of what {@link #run} will do. */
    Plan plan();

    /**
     * Stores the description of the study and a tokenizer that was trained for it, so that {@link
     * StudyRunner#stored} and {@link StudyRunner#tokenizer} return them.
     */
    default void store(Provenance provenance) {}

    /**
     * Trains and measures whatever is not done yet and returns all runs, in the order of the plan.
     *
     * @param listener receives all events
     */
    List<RunResult> run(StudyListener listener);
  }

  /**
   * Resources that a study may use.
   *
   * @param engine training engine; empty for the engine that the study used before, or else the
   *     fastest engine that can run
   * @param threads native threads of all workers together, at least 1
   * @param threadsPerRun threads per run, which affect the last digits of its results; empty for a
   *     default that depends on the model alone
   * @param memoryBytes memory limit in bytes for all workers together
   */
  record Resources(
      Optional<TrainingEngine> engine, int threads, OptionalInt threadsPerRun, long memoryBytes) {
    /** Checks that nothing is null. */
    public Resources {
      Objects.requireNonNull(engine, "engine");
      Objects.requireNonNull(threadsPerRun, "threadsPerRun");
    }

    /** Returns these resources with another engine. */
    public Resources withEngine(TrainingEngine other) {
      return new Resources(Optional.of(other), threads, threadsPerRun, memoryBytes);
    }

    /** Returns these resources with another memory limit. */
    public Resources withMemoryBytes(long bytes) {
      return new Resources(engine, threads, threadsPerRun, bytes);
    }
  }
}
