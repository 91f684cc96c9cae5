package dev.mixlaw.api.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Trains decoders. Implementations agree on loss and gradients for the same weights and batch. */
public interface TrainingEngine {
  /** Such as {@code dl4j}. */
  String name();

  /**
   * Part of a run's identity beside the name: raised whenever the same work gives other digits than
   * before, and different for each setting that changes them, such as a number format.
   */
  default String version() {
    return "1";
  }

  /** What it would run on, such as {@code cpu (AVX-512)}; anything but a processor is one card. */
  String device();

  /** Why it cannot run here; empty if it can. */
  Optional<Problem> unavailable();

  /**
   * Why {@code auto} is not to take it although it can run here; empty if it may. An engine that
   * has not been tried on such a machine tries itself, which takes seconds, and remembers how that
   * went. Not asked of an engine that is asked for by name.
   */
  default Optional<Problem> doubt() {
    return Optional.empty();
  }

  /**
   * Of the engines that can run here and are not in doubt, {@code auto} takes the one of highest
   * rank, and of equals the first by name. Those of Mixlaw: {@code dl4j} 10, {@code native} 50,
   * {@code dl4j} on a card 100, {@code cuda} 110. Must not load natives.
   */
  default int rank() {
    return 0;
  }

  /**
   * What a session would take.
   *
   * @throws MixlawException if none of this shape is possible, however much memory there is
   */
  Cost cost(SessionSpec spec);

  /**
   * Bytes of a device of the engine's own, for all sessions on it together; empty if sessions are
   * in the machine's memory.
   */
  default OptionalLong deviceMemory() {
    return OptionalLong.empty();
  }

  /**
   * How many such sessions are best trained at once on a device of the engine's own. The engine may
   * try that, which takes seconds, once for each kind of session.
   */
  default AtOnce atOnce(SessionSpec spec) {
    return new AtOnce(1, "one keeps a card busy");
  }

  /**
   * Sessions that share a device, each with a thread of its own.
   *
   * @param sessions at least 1
   * @param reason why so many
   */
  record AtOnce(int sessions, String reason) {
    public AtOnce {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * A fresh model.
   *
   * @throws dev.mixlaw.api.MixlawException if it cannot run here or does not fit
   */
  TrainingSession open(SessionSpec spec);

  /**
   * A trained model for its losses and, where the engine can write, for text: its weights and what
   * a forward pass of a few sequences writes, nothing that only training needs.
   *
   * @param directory with {@code model.safetensors} and {@code config.json} in Hugging Face's Llama
   *     layout: a run's {@code model}, or what {@link TrainingSession#save} wrote
   * @param threads native threads it may use
   * @throws MixlawException if it cannot run here, does not fit, or the files are not such a model
   */
  default ModelSession openModel(Path directory, int threads) {
    throw new MixlawException(
        MixlawException.Kind.ENGINE,
        new Problem(
            "engine " + name() + ": a model that is not to be trained",
            directory.toString(),
            "an engine that opens models for evaluation",
            "Lab.Builder.engine"));
  }

  /**
   * What {@link #openModel} takes, text writing apart. By default what training one sequence a
   * thread would.
   *
   * @param vocabulary rows of the embedding
   */
  default Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return cost(new SessionSpec(model, vocabulary, threads, Recipe.standard(), 0, threads));
  }

  /**
   * What an opened model takes beside {@link #modelCost} from its first {@link SamplingModel#write}
   * on; for a session in training at most that. Empty if models of this engine cannot write. A plan
   * that has models write counts it.
   *
   * @param vocabulary rows of the embedding
   */
  default Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return Optional.empty();
  }

  /**
   * What a session takes.
   *
   * @param memoryBytes native and heap memory, everything counted
   * @param tokensPerSecond of training, or of losses or text where it is not trained, roughly
   * @param note what the engine does to take no more memory, and why; empty if nothing
   */
  record Cost(long memoryBytes, double tokensPerSecond, String note) {
    public Cost {
      Objects.requireNonNull(note, "note");
    }

    public Cost(long memoryBytes, double tokensPerSecond) {
      this(memoryBytes, tokensPerSecond, "");
    }
  }
}
