package dev.mixlaw.train.engine.llama;

/** An array of token ids or positions in a device's memory. */
public interface Ints {
  /** Copies the first {@code n} values of an array here; the caller may then change the array. */
  void put(int[] from, int n);
}
