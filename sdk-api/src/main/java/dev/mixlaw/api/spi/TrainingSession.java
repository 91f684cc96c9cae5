package dev.mixlaw.api.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A model in training. Not for use by several threads at once. */
public interface TrainingSession extends ModelSession {
  /**
   * Trains on one batch.
   *
   * @param sequences row-major {@code [batchSequences, context + 1]} token ids
   * @param learningRate of this step
   */
  StepResult step(int[] sequences, double learningRate);

  /**
   * Begins to train on one batch: as {@link #step}, but its result is asked for later, so that the
   * next batch can be made and begun meanwhile. Whatever else the session is asked to do is done
   * after it. A failure may come with this call, with the result, or with whatever is asked next.
   *
   * <p>Steps that were begun before a result was seen that is not finite have gone on from there:
   * the model is of no use then.
   *
   * @param sequences may be changed when this returns
   * @return gives the result, waiting for it; any number of times, until the session is closed
   */
  default Supplier<StepResult> begin(int[] sequences, double learningRate) {
    StepResult result = step(sequences, learningRate);
    return () -> result;
  }

  /**
   * Loss and gradients of a batch, nothing changed: for tests that compare engines.
   *
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
   * Goes on from what {@link #save} wrote: bit for bit as if there had been no stop.
   *
   * @throws dev.mixlaw.api.MixlawException if it is truncated, damaged or of another model
   */
  void load(Path directory);

  /**
   * What a step did.
   *
   * @param loss mean nats per token of the batch, before the update
   * @param gradientNorm global norm, before clipping
   */
  record StepResult(double loss, double gradientNorm) {}

  /** Loss in mean nats per token, and gradients by tensor name. */
  record Gradients(double loss, Map<String, float[]> byTensor) {}
}
