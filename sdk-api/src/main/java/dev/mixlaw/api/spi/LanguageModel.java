package dev.mixlaw.api.spi;

/**
 * A language model that computes losses of text. The model is a {@link SamplingModel} if the engine
 * can generate text. Models are not thread-safe.
 */
public interface LanguageModel extends AutoCloseable {
  /** Returns the largest number of tokens that a prediction can depend on. */
  int context();

  /** Returns the number of token ids, which range from 0 to this number minus 1. */
  int vocabulary();

  /**
   * Computes the loss of each token given all preceding tokens in its row.
   *
   * @param ids token ids, in row-major order with shape {@code [rows, length + 1]}
   * @param rows number of sequences, at least 1
   * @param length number of predicted tokens per row, from 1 to {@link #context()}
   * @param nats receives the losses, in row-major order with shape {@code [rows, length]}: {@code
   *     -ln p(ids[r, t + 1] | ids[r, 0..t])}
   */
  default void losses(int[] ids, int rows, int length, float[] nats) {
    losses(ids, rows, length, 0, nats);
  }

  /**
   * Computes the losses of the last tokens of each row, given all preceding tokens. This method is
   * used to evaluate long texts with overlapping windows. An engine can omit some computations for
   * the preceding tokens.
   *
   * @param ids token ids, in row-major order with shape {@code [rows, length + 1]}
   * @param rows number of sequences, at least 1
   * @param length number of predicted tokens per row, from 1 to {@link #context()}
   * @param first index of the first prediction whose loss is computed, from 0 to {@code length - 1}
   * @param nats receives the losses, in row-major order with shape {@code [rows, length - first]}
   */
  void losses(int[] ids, int rows, int length, int first, float[] nats);

  /**
   * Frees the memory of a model that {@link TrainingEngine#openModel} opened. A training session
   * closes its own model. The default implementation does nothing.
   */
  @Override
  default void close() {}
}
