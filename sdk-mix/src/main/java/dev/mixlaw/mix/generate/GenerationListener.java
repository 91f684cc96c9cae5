package dev.mixlaw.mix.generate;

import java.time.Duration;

/**
 * A listener for the progress of a generation. All methods do nothing by default. Only one thread
 * at a time calls the methods, and an exception ends the generation.
 */
public interface GenerationListener {
  /** Called with the plan before the first request is sent. */
  default void planned(GenerationPlan plan) {}

  /**
   * Called after each answer with the totals so far.
   *
   * @param earlier whether the answer was stored by an earlier run
   * @param requests number of answered requests so far
   * @param tokens number of prompt tokens and generated tokens so far
   * @param cost cost so far, in the currency of the price
   */
  default void answered(boolean earlier, long requests, long tokens, double cost) {}

  /**
   * Called when a request failed and will be retried.
   *
   * @param reason the reason why the attempt failed
   * @param attempt number of the failed attempt, from 1
   * @param pause pause before the next attempt
   */
  default void retrying(String reason, int attempt, Duration pause) {}

  /**
   * Called when a draft was rejected.
   *
   * @param document id of the document to which the draft belongs
   * @param by name of the filter that rejected the draft, or {@code generator}
   * @param reason the reason why the draft was rejected
   */
  default void refused(String document, String by, String reason) {}

  /**
   * Called when a document was written.
   *
   * @param document id of the document
   * @param documents number of documents written so far
   */
  default void finished(String document, long documents) {}

  /** Returns a listener that ignores all events. */
  static GenerationListener none() {
    return new GenerationListener() {};
  }
}
