package dev.mixlaw.train.engine.llama;

/** Single-precision numbers in a device's memory, in one run. */
public interface DeviceFloats {
  long length();

  /** A part of them, where they lie. Made when a session opens, not in a step. */
  DeviceFloats slice(long offset, long length);
}
