package dev.mixlaw.api.spi;

/** A model that gives the loss of text. Not for use by several threads at once. */
public interface LanguageModel {
  /** Most tokens it looks back on. */
  int context();

  int vocabulary();

  /**
   * Loss of each token given the ones before it in its row.
   *
   * @param ids row-major {@code [rows, length + 1]}
   * @param rows number of sequences; any
   * @param length at most {@link #context()}
   * @param nats receives {@code [rows, length]}: {@code -ln p(ids[r, t + 1] | ids[r, 0..t])}
   */
  void losses(int[] ids, int rows, int length, float[] nats);
}
