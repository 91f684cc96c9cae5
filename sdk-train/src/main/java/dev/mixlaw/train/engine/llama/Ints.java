package dev.mixlaw.train.engine.llama;

/** An array of token ids or positions in a device's memory. */
public interface Ints {
  /** Copies the first {@code n} values of an array, which the caller may change afterwards. */
  void put(int[] from, int n);
}
