package dev.mixlaw.mix.generate;

import java.time.Duration;

/**
 * Receives the progress of a generation. All methods do nothing by default. One thread at a time
 * calls them; an exception ends the generation.
 */
public interface GenerationListener {
  /** Receives the plan before the first request is sent. */
  default void planned(GenerationPlan plan) {}

  /**
   * Receives the totals so far after each answer.
   *
   * @param earlier whether the answer was stored by an earlier run
   * @param requests number of answered requests so far
   * @param tokens number of prompt and generated tokens so far
   * @param cost cost so far, in the currency of the price
   */
  default void answered(boolean earlier, long requests, long tokens, double cost) {}

  /**
   * Receives the failure of a request that will be retried.
   *
   * @param reason the reason why the attempt failed
   * @param attempt number of the failed attempt, from 1
   * @param pause pause before the next attempt
   */
  default void retrying(String reason, int attempt, Duration pause) {}

  /**
   * Receives the refusal of a draft.
   *
   * @param document id of the document to which the draft belongs
   * @param by name of the filter that refused the draft, or {@code generator}
   * @param reason the reason why the draft was refused
   */
  default void refused(String document, String by, String reason) {}

  /**
   * Receives a document that was written.
   *
   * @param document id of the document
   * @param documents number of documents written so far
   */
  default void finished(String document, long documents) {}

  /** Returns a listener that ignores everything. */
  static GenerationListener none() {
    return new GenerationListener() {};
  }
}
