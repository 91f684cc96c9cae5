package dev.mixlaw.api.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A model in training. Not thread-safe. */
public interface TrainingSession extends ModelSession {
  /**
   * Trains on one batch and waits for the result.
   *
   * @param sequences token ids, row-major {@code [n, context + 1]}, with n from 1 to {@link
   *     SessionSpec#batchSequences}
   * @param learningRate learning rate of this step
   */
  StepResult step(int[] sequences, double learningRate);

  /**
   * Starts a {@link #step} without waiting for its result, so that the caller can prepare the next
   * batch. Later calls to the session take effect after this step. A failure is thrown by this
   * call, by the returned supplier, or by the next call.
   *
   * <p>If a result is not finite, steps that have already been started continue from it, and the
   * model becomes unusable.
   *
   * @param sequences as for {@link #step}; the caller may reuse the array once this method has
   *     returned
   * @param learningRate learning rate of this step
   * @return a supplier that waits for the result and returns it; it can be called any number of
   *     times until the session is closed
   */
  default Supplier<StepResult> begin(int[] sequences, double learningRate) {
    StepResult result = step(sequences, learningRate);
    return () -> result;
  }

  /**
   * Computes loss and gradients of a batch without an update, for tests that compare engines.
   *
   * @param sequences as for {@link #step}
   * @return loss, and gradients of the mean loss by tensor name in Hugging Face's Llama layout,
   *     row-major
   */
  Gradients gradients(int[] sequences);

  /**
   * Writes {@code model.safetensors}, {@code config.json} and the trainer's state.
   *
   * @param directory existing, empty directory; the caller makes the write atomic
   */
  void save(Path directory);

  /**
   * Restores the state that {@link #save} wrote. Training continues bit-identically to an
   * uninterrupted run.
   *
   * @param directory directory that {@link #save} wrote to
   * @throws dev.mixlaw.api.MixlawException if the files are truncated, damaged or belong to another
   *     model
   */
  void load(Path directory);

  /**
   * The result of a step.
   *
   * @param loss mean loss of the batch in nats per token, before the update
   * @param gradientNorm global gradient norm before clipping
   */
  record StepResult(double loss, double gradientNorm) {}

  /**
   * Loss and gradients of a batch.
   *
   * @param loss mean loss in nats per token
   * @param byTensor gradients by tensor name, row-major
   */
  record Gradients(double loss, Map<String, float[]> byTensor) {}
}
