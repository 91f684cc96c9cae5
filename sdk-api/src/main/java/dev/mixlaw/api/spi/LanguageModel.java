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

  /**
   * Loss of the last tokens of each row, the ones before only read: what strided windows need, at
   * less work where the engine offers that.
   *
   * @param ids as above
   * @param first position whose loss is wanted, from 0; below {@code length}
   * @param nats receives {@code [rows, length - first]}
   */
  default void losses(int[] ids, int rows, int length, int first, float[] nats) {
    float[] all = new float[Math.multiplyExact(rows, length)];
    losses(ids, rows, length, all);
    int wanted = length - first;
    for (int r = 0; r < rows; r++) {
      System.arraycopy(all, r * length + first, nats, r * wanted, wanted);
    }
  }
}
