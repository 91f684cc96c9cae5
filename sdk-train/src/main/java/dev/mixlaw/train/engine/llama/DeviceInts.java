package dev.mixlaw.train.engine.llama;

/** Token ids or positions in a device's memory. */
public interface DeviceInts {
  /** Copies {@code n} of them to the beginning; {@code from} is the caller's again afterwards. */
  void put(int[] from, int n);
}
