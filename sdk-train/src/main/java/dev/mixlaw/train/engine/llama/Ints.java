package dev.mixlaw.train.engine.llama;

/** An array of token ids or positions in a device's memory. */
public interface Ints {
  /**
   * Copies the first {@code n} values of a Java array. The caller may change the Java array after
   * this method has returned.
   */
  void put(int[] from, int n);
}
