package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.Ids;

/** Ids on the heap. */
record HostIds(int[] values) implements Ids {
  static int[] of(Ids ids) {
    return ((HostIds) ids).values();
  }

  @Override
  public void put(int[] from, int n) {
    System.arraycopy(from, 0, values, 0, n);
  }
}
