package dev.mixlaw.mix.generate;

import java.time.Duration;

/** An event of a running generation. */
public sealed interface GenerationEvent {
  /**
   * The plan is known; requests start.
   *
   * @param plan what the generation will take
   */
  record Planned(GenerationPlan plan) implements GenerationEvent {}

  /**
   * A request was answered.
   *
   * @param earlier whether the answer was stored by an earlier run
   * @param requests number of answered requests so far
   * @param tokens number of tokens read and written so far
   * @param cost cost so far, in the currency of the price
   */
  record Answered(boolean earlier, long requests, long tokens, double cost)
      implements GenerationEvent {}

  /**
   * A request failed and will be retried.
   *
   * @param reason what failed
   * @param attempt number of the failed attempt, from 1
   * @param pause pause before the next attempt
   */
  record Retrying(String reason, int attempt, Duration pause) implements GenerationEvent {}

  /**
   * A draft was refused.
   *
   * @param document id of its document
   * @param by name of the filter, or {@code generator}
   * @param reason why it was refused
   */
  record Refused(String document, String by, String reason) implements GenerationEvent {}

  /**
   * A document was written.
   *
   * @param document its id
   * @param documents number of documents written so far
   */
  record Finished(String document, long documents) implements GenerationEvent {}
}
