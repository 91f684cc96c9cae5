package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.Ints;

/** Token ids on the Java heap. */
record HeapInts(int[] values) implements Ints {
  static int[] of(Ints ids) {
    return ((HeapInts) ids).values();
  }

  @Override
  public void put(int[] from, int n) {
    System.arraycopy(from, 0, values, 0, n);
  }
}
