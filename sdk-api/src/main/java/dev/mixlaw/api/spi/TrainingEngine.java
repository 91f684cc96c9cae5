package dev.mixlaw.api.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trains Llama-style decoders. All engines compute the same loss and gradients for the same weights
 * and batch, except for rounding.
 *
 * <p>Engines are immutable. {@link #precision} and {@link #cards} return modified copies.
 */
public interface TrainingEngine {
  /** Returns the name of this engine, such as {@code native}. */
  String name();

  /**
   * Returns a version that identifies the results of this engine. The version must change whenever
   * results are no longer bit-identical. It must also differ for each setting that affects results,
   * such as a number format.
   */
  default String version() {
    return "1";
  }

  /**
   * Returns a copy of this engine with the given number format of matrix products. Runs are trained
   * again if the format changes.
   *
   * @param format number format
   * @throws MixlawException if this engine has only one number format
   */
  default TrainingEngine precision(Precision format) {
    throw unsupported("number format " + format, "an engine with several number formats");
  }

  /**
   * Returns a copy of this engine that uses the given GPUs. Several GPUs train several models at
   * the same time, because each model is trained on a single GPU.
   *
   * @param numbers indices of the GPUs, from 0, in the order of the driver
   * @throws MixlawException if this engine does not support the selection of GPUs
   * @throws IllegalArgumentException if there are no indices, or if an index occurs twice
   */
  default TrainingEngine cards(int... numbers) {
    throw unsupported("cards " + Arrays.toString(numbers), "an engine for GPUs, such as cuda");
  }

  private MixlawException unsupported(String actual, String expected) {
    return MixlawException.engine(
        "engine " + name(), actual, expected, "change Lab.Builder.engine");
  }

  /**
   * Returns a copy of this engine for each of its devices. A model is trained on one of these
   * devices. The other methods of an engine with several devices refer to the first device. The
   * default implementation returns a list that contains only this engine.
   */
  default List<TrainingEngine> devices() {
    return List.of(this);
  }

  /**
   * Returns the system properties that must be set in another JVM to create this engine with the
   * same settings. The default implementation returns an empty map.
   */
  default Map<String, String> properties() {
    return Map.of();
  }

  /** Returns a description of the devices of this engine, such as {@code cpu (AVX-512)}. */
  String device();

  /**
   * Returns whether sessions run on a GPU and need only one thread each. The default implementation
   * returns whether {@link #deviceMemory} is present.
   */
  default boolean onGpu() {
    return deviceMemory().isPresent();
  }

  /** Returns the reason why this engine cannot run on this machine; empty if it can run. */
  Optional<Problem> unavailable();

  /**
   * Returns the reason why this engine must not be selected automatically although it can run. On
   * an unknown kind of machine, an engine can run a self-test here, which takes seconds, and store
   * the result. The method is not called for an engine that the user selects. The default
   * implementation returns an empty result.
   */
  default Optional<Problem> doubt() {
    return Optional.empty();
  }

  /**
   * Returns the rank of this engine. Among the engines that can run and have no {@link #doubt}, the
   * automatic selection uses the one with the highest rank. Ties are broken by name. This method
   * must not load native libraries. The default implementation returns 0.
   */
  default int rank() {
    return 0;
  }

  /**
   * Returns the memory and speed of a session.
   *
   * @throws MixlawException if the engine does not support the session with any amount of memory
   */
  Cost cost(SessionSpec spec);

  /**
   * Returns the size in bytes of the memory of each device, which all sessions on the device share.
   * The default implementation returns an empty result, which means that sessions use the memory of
   * the machine.
   */
  default OptionalLong deviceMemory() {
    return OptionalLong.empty();
  }

  /**
   * Returns how many sessions with the given settings should be trained concurrently on each
   * device. The engine may measure this once for each kind of session, which takes seconds. The
   * default implementation returns 1.
   */
  default AtOnce atOnce(SessionSpec spec) {
    return new AtOnce(1, "one session saturates the GPU");
  }

  /**
   * A number of sessions that share a device. Each session has its own thread.
   *
   * @param sessions number of sessions, at least 1
   * @param reason reason for the number
   */
  record AtOnce(int sessions, String reason) {
    /** Checks that no component is null. */
    public AtOnce {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * Opens a session with a new model.
   *
   * @throws MixlawException if the engine cannot run on this machine or if there is not enough
   *     memory
   */
  TrainingSession open(SessionSpec spec);

  /**
   * Opens a trained model to measure losses and, if the engine supports it, to generate text.
   * Memory that only training needs is not allocated.
   *
   * @param directory directory with {@code model.safetensors} and {@code config.json} in Hugging
   *     Face's Llama layout: the {@code model} directory of a run, or a directory written by {@link
   *     TrainingSession#save}
   * @param threads number of native threads that the model may use
   * @throws MixlawException if the engine does not support this, if there is not enough memory, or
   *     if the files do not contain a suitable model
   */
  default LanguageModel openModel(Path directory, int threads) {
    throw unsupported(
        "model for evaluation in " + directory, "an engine that opens models without training");
  }

  /**
   * Returns the memory and speed of an {@linkplain #openModel opened model} that does not generate
   * text. The default implementation returns the cost of training with one sequence per thread.
   *
   * @param model shape of the model
   * @param vocabulary number of rows of the embedding matrix
   * @param threads number of native threads that the model may use
   */
  default Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return cost(new SessionSpec(model, vocabulary, threads, Recipe.standard(), 0, threads));
  }

  /**
   * Returns the cost of generating text in addition to {@link #modelCost}. The cost is also an
   * upper bound for generating text with the model of a training session. The default
   * implementation returns an empty result, which means that models of this engine cannot generate
   * text.
   *
   * @param model shape of the model
   * @param vocabulary number of rows of the embedding matrix
   * @param threads number of native threads that the model may use
   */
  default Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return Optional.empty();
  }

  /**
   * The memory and speed of a session.
   *
   * @param memoryBytes native and heap memory together, in bytes
   * @param tokensPerSecond estimated speed of training or, for a model without training, of
   *     computing losses or generating text
   * @param note how and why the engine saves memory; empty if it does not
   */
  record Cost(long memoryBytes, double tokensPerSecond, String note) {
    /** Checks that no component is null. */
    public Cost {
      Objects.requireNonNull(note, "note");
    }

    /** Creates a cost without a note. */
    public Cost(long memoryBytes, double tokensPerSecond) {
      this(memoryBytes, tokensPerSecond, "");
    }
  }
}
