package dev.mixlaw.mix.generate;

import java.time.Duration;

/** Something that happened in a generation. */
public sealed interface GenerationEvent {
  /** The plan stands; requests begin. */
  record Planned(GenerationPlan plan) implements GenerationEvent {}

  /**
   * A request was answered.
   *
   * @param earlier whether an earlier start had asked it
   * @param requests answered so far
   * @param tokens read and written so far
   * @param cost so far
   */
  record Answered(boolean earlier, long requests, long tokens, double cost)
      implements GenerationEvent {}

  /**
   * A request failed and is made again.
   *
   * @param attempt that failed, from 1
   */
  record Retrying(String reason, int attempt, Duration pause) implements GenerationEvent {}

  /**
   * A draft is left out.
   *
   * @param document id of the document it would have been in
   * @param by the filter's name, or {@code generator}
   */
  record Refused(String document, String by, String reason) implements GenerationEvent {}

  /**
   * A document was written.
   *
   * @param documents written so far
   */
  record Finished(String document, long documents) implements GenerationEvent {}
}
