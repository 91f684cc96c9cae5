package dev.mixlaw.train.engine.llama;

/** A contiguous array of floating-point numbers in a device's memory. */
public interface Floats {
  long length();

  /** Returns a view of a range of this array. Views are created only when a session opens. */
  Floats slice(long offset, long length);
}
