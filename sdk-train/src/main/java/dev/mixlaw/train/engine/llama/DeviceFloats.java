package dev.mixlaw.train.engine.llama;

/** A contiguous array of numbers in a device's memory. */
public interface DeviceFloats {
  /** Returns the number of values. */
  long length();

  /** Returns a view of a part; sessions create their views when they open, not in a step. */
  DeviceFloats slice(long offset, long length);
}
