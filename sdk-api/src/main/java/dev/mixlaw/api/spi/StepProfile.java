package dev.mixlaw.api.spi;

import java.util.Map;

/** Where the time of a session's steps goes. */
public interface StepProfile {
  /**
   * Does something with the session and says where the time went.
   *
   * @param work such as some steps; measuring may slow it a little
   * @return seconds by kernel, the mean of what computes side by side; they add up to the work's
   */
  Map<String, Double> secondsByKernel(Runnable work);

  /**
   * Seconds that the matrix products of one step take alone: its own shapes, in the best layout
   * there is, as many side by side as in the step. No step can be faster.
   */
  double secondsOfProducts();

  /** Number format that {@link #secondsOfProducts} was measured in, such as {@code bf16}. */
  String productFormat();
}
