package dev.mixlaw.api.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trains decoders. All implementations agree on loss and gradients for the same weights and batch.
 */
public interface TrainingEngine {
  /** Returns the name that selects this engine, such as {@code native}. */
  String name();

  /**
   * Returns a part of the identity of runs. It must change whenever results are no longer
   * bit-identical, and differ for each setting that shapes results, such as a number format.
   */
  default String version() {
    return "1";
  }

  /** Returns the device, such as {@code cpu (AVX-512)}. A name without {@code cpu} is one card. */
  String device();

  /** Returns why it cannot run on this machine; empty if it can. */
  Optional<Problem> unavailable();

  /**
   * Returns why {@code auto} must not select this engine although it can run; empty by default. An
   * engine can test itself here on a new kind of machine, which takes seconds, and keep the result.
   * It is not called for an engine that is selected by name.
   */
  default Optional<Problem> doubt() {
    return Optional.empty();
  }

  /**
   * Returns the rank for {@code auto}, which selects the highest among the engines that can run and
   * are not in doubt, and the first by name among equals. It must not load native libraries. 0 by
   * default.
   */
  default int rank() {
    return 0;
  }

  /**
   * Returns memory and speed of a session.
   *
   * @throws MixlawException if the engine does not support such a session with any amount of memory
   */
  Cost cost(SessionSpec spec);

  /**
   * Returns the memory of the engine's own device, in bytes, for all sessions together. It is empty
   * by default: sessions use the machine's memory.
   */
  default OptionalLong deviceMemory() {
    return OptionalLong.empty();
  }

  /**
   * Returns how many such sessions to train at once on the engine's own device. The engine may
   * measure this once for each kind of session, which takes seconds. 1 by default.
   */
  default AtOnce atOnce(SessionSpec spec) {
    return new AtOnce(1, "one session keeps a card busy");
  }

  /**
   * A number of sessions that share a device, each with its own thread.
   *
   * @param sessions at least 1
   * @param reason for the number
   */
  record AtOnce(int sessions, String reason) {
    /** Checks that nothing is null. */
    public AtOnce {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * Opens a session with a new model.
   *
   * @throws MixlawException if the engine cannot run on this machine or memory does not suffice
   */
  TrainingSession open(SessionSpec spec);

  /**
   * Opens a trained model, to measure losses and, if the engine can, to write text. It takes no
   * memory that only training needs.
   *
   * @param directory with {@code model.safetensors} and {@code config.json} in Hugging Face's Llama
   *     layout: a run's {@code model}, or what {@link TrainingSession#save} wrote
   * @param threads native threads it may use
   * @throws MixlawException if the engine cannot do so, memory does not suffice, or the files are
   *     not such a model
   */
  default ModelSession openModel(Path directory, int threads) {
    throw new MixlawException(
        MixlawException.Kind.ENGINE,
        new Problem(
            "engine " + name() + ": model for evaluation",
            directory.toString(),
            "an engine that opens models without training",
            "Lab.Builder.engine"));
  }

  /**
   * Returns memory and speed of an {@linkplain #openModel opened model} without writing text. By
   * default it is the cost of training with one sequence for each thread.
   *
   * @param model shape of the model
   * @param vocabulary rows of the embedding
   * @param threads native threads it may use
   */
  default Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return cost(new SessionSpec(model, vocabulary, threads, Recipe.standard(), 0, threads));
  }

  /**
   * Returns what writing text takes in addition to {@link #modelCost}; the upper bound for a
   * session in training. It is empty by default: models of this engine cannot write.
   *
   * @param model shape of the model
   * @param vocabulary rows of the embedding
   * @param threads native threads it may use
   */
  default Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return Optional.empty();
  }

  /**
   * Memory and speed of a session.
   *
   * @param memoryBytes native and heap memory together
   * @param tokensPerSecond estimated speed of training, or of losses or text without training
   * @param note what the engine does to save memory, and why; empty if nothing
   */
  record Cost(long memoryBytes, double tokensPerSecond, String note) {
    /** Checks that nothing is null. */
    public Cost {
      Objects.requireNonNull(note, "note");
    }

    /** Creates a cost without a note. */
    public Cost(long memoryBytes, double tokensPerSecond) {
      this(memoryBytes, tokensPerSecond, "");
    }
  }
}
