package dev.mixlaw.api.spi;

import java.util.Map;

/** A session of an engine that can tell where its time goes. */
public interface ProfiledSession extends TrainingSession {
  /**
   * Does something with this session and says where the time went.
   *
   * @param work such as some steps; measuring may slow it a little
   * @return seconds by kernel
   */
  Map<String, Double> secondsByKernel(Runnable work);

  /**
   * Seconds that the matrix products of one step take alone: its own shapes, in the number format
   * of its products and the best layout there is. No step can be faster.
   */
  double secondsOfProducts();
}
