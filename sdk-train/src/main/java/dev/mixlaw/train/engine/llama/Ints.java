package dev.mixlaw.train.engine.llama;

/** An array of token ids or positions in a device's memory. */
public interface Ints {
  /**
   * Copies the first {@code n} values of a Java array into this array. The caller may change the
   * Java array afterwards.
   */
  void put(int[] from, int n);
}
