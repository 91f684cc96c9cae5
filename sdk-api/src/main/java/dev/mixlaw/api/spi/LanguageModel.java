package dev.mixlaw.api.spi;

/** A model that computes the loss on text. Not thread-safe. */
public interface LanguageModel {
  /** Returns the largest number of tokens that a prediction can depend on. */
  int context();

  /** Returns the number of token ids; all ids are below it. */
  int vocabulary();

  /**
   * Computes the loss of each token, given the preceding tokens in its row.
   *
   * @param ids token ids, row-major {@code [rows, length + 1]}
   * @param rows number of sequences, at least 1
   * @param length number of predicted tokens per row, from 1 to {@link #context()}
   * @param nats receives the losses, row-major {@code [rows, length]}: {@code -ln p(ids[r, t + 1] |
   *     ids[r, 0..t])}
   */
  default void losses(int[] ids, int rows, int length, float[] nats) {
    losses(ids, rows, length, 0, nats);
  }

  /**
   * Computes the loss of the last tokens in each row, given all preceding tokens. Evaluation with
   * strided windows needs this method; an engine can skip work for the preceding tokens.
   *
   * @param ids token ids, row-major {@code [rows, length + 1]}
   * @param rows number of sequences, at least 1
   * @param length number of predicted tokens per row, from 1 to {@link #context()}
   * @param first first position whose loss is computed, from 0 to {@code length - 1}
   * @param nats receives the losses, row-major {@code [rows, length - first]}
   */
  void losses(int[] ids, int rows, int length, int first, float[] nats);
}
