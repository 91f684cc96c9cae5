package dev.mixlaw.train.engine.llama;

/** A contiguous array of numbers in a device's memory. */
public interface Floats {
  /** Returns the number of values. */
  long length();

  /**
   * Returns a view of a range of the array. Sessions create their views when they are opened, not
   * during a step.
   */
  Floats slice(long offset, long length);
}
