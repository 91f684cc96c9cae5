package dev.mixlaw.api.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A model in training. Not for use by several threads at once. */
public interface TrainingSession extends ModelSession {
  /**
   * Trains on one batch and waits for the result.
   *
   * @param sequences row-major {@code [n, context + 1]} token ids, with n from 1 to {@link
   *     SessionSpec#batchSequences}
   * @param learningRate of this step
   */
  StepResult step(int[] sequences, double learningRate);

  /**
   * Starts a {@link #step} without waiting for its result, so that the caller can prepare the next
   * batch. Later calls of the session take effect after it. A failure is thrown by this call, by
   * the result, or by the next call.
   *
   * <p>Steps that are already started when a result is not finite continue from it. The model is
   * unusable then.
   *
   * @param sequences as for {@link #step}; may be changed when this method returns
   * @param learningRate of this step
   * @return waits for the result and returns it, any number of times until the session is closed
   */
  default Supplier<StepResult> begin(int[] sequences, double learningRate) {
    StepResult result = step(sequences, learningRate);
    return () -> result;
  }

  /**
   * Computes loss and gradients of a batch without an update, for tests that compare engines.
   *
   * @param sequences as for {@link #step}
   * @return gradients of the mean loss by the tensor's name in Hugging Face's Llama layout,
   *     row-major
   */
  Gradients gradients(int[] sequences);

  /**
   * Writes {@code model.safetensors}, {@code config.json} and the trainer's state.
   *
   * @param directory exists and is empty; the caller makes the write atomic
   */
  void save(Path directory);

  /**
   * Restores what {@link #save} wrote. Training continues bit-identically to an uninterrupted run.
   *
   * @param directory that save wrote to
   * @throws dev.mixlaw.api.MixlawException if the files are truncated, damaged or of another model
   */
  void load(Path directory);

  /**
   * The result of a step.
   *
   * @param loss mean nats per token of the batch, before the update
   * @param gradientNorm global norm, before clipping
   */
  record StepResult(double loss, double gradientNorm) {}

  /**
   * Loss and gradients of a batch.
   *
   * @param loss mean nats per token
   * @param byTensor gradients by tensor name, row-major
   */
  record Gradients(double loss, Map<String, float[]> byTensor) {}
}
