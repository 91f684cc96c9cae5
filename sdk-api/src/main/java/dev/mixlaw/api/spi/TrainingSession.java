package dev.mixlaw.api.spi;

import dev.mixlaw.api.MixlawException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A session that trains a model. Sessions are not thread-safe. */
public interface TrainingSession extends AutoCloseable {
  /** Returns the current model, which is valid until the next training step. */
  LanguageModel model();

  /**
   * Trains on a batch and waits for the result.
   *
   * @param sequences token ids of n sequences, in row-major order with shape {@code [n, context +
   *     1]}; n is from 1 to {@link SessionSpec#batchSequences}
   * @param learningRate learning rate of this step
   */
  StepResult step(int[] sequences, double learningRate);

  /**
   * Starts a {@link #step} without waiting for its result, so that the caller can prepare the next
   * batch. Later calls to the session take effect after this step. If the step fails, this call,
   * the returned supplier or the next call throws the exception.
   *
   * <p>If a result is not finite, steps that were already started continue from it, and the model
   * becomes unusable.
   *
   * @param sequences as for {@link #step}; the caller may reuse the array after this method returns
   * @param learningRate learning rate of this step
   * @return a supplier that waits for the result and returns it; it can be called any number of
   *     times until the session is closed
   */
  default Supplier<StepResult> begin(int[] sequences, double learningRate) {
    StepResult result = step(sequences, learningRate);
    return () -> result;
  }

  /**
   * Computes the gradients of the mean loss of a batch in nats per token, without updating the
   * model. Tests use it to compare engines.
   *
   * @param sequences as for {@link #step}
   * @return map from the name of each tensor, in Hugging Face's Llama layout, to its gradient in
   *     row-major order
   */
  Map<String, float[]> gradients(int[] sequences);

  /**
   * Writes the model to {@code model.safetensors} and {@code config.json}, and the state of the
   * training to further files.
   *
   * @param directory existing, empty directory; the caller makes the write atomic
   */
  void save(Path directory);

  /**
   * Restores the state that {@link #save} wrote. Training then continues as if it had not been
   * interrupted, with bit-identical results.
   *
   * @param directory directory that {@link #save} wrote
   * @throws dev.mixlaw.api.MixlawException if the files are truncated or damaged, or belong to
   *     another model
   */
  void load(Path directory);

  /**
   * Replaces the weights by those of a trained model. The state of the optimizer is not changed.
   *
   * @param directory directory with {@code model.safetensors} in Hugging Face's Llama layout
   * @throws MixlawException if the files are damaged or belong to a model of another shape, or if
   *     the engine does not support this, which is the default
   */
  default void loadModel(Path directory) {
    throw MixlawException.engine(
        "start from model " + directory,
        "not supported by " + getClass().getName(),
        "an engine that continues training, such as native",
        "change Lab.Builder.engine, or omit Study.startFrom");
  }

  /**
   * The result of a step.
   *
   * @param loss mean loss of the batch in nats per token, before the update
   * @param gradientNorm global gradient norm before clipping
   */
  record StepResult(double loss, double gradientNorm) {}

  /** Frees the memory of the session and of its model. */
  @Override
  void close();
}
