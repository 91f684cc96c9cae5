package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.DeviceInts;

/** Token ids on Java's heap. */
record HeapInts(int[] values) implements DeviceInts {
  static int[] of(DeviceInts ids) {
    return ((HeapInts) ids).values();
  }

  @Override
  public void put(int[] from, int n) {
    System.arraycopy(from, 0, values, 0, n);
  }
}
