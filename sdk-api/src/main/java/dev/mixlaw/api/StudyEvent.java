package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

/** Something that happened in a study. */
public sealed interface StudyEvent {
  /**
   * Data are being prepared.
   *
   * @param stage such as {@code tokenizer} or {@code tokens of web}
   * @param done bytes of text so far
   * @param total bytes of text, 0 while unknown
   */
  record Preparing(String stage, long done, long total) implements StudyEvent {}

  /** The plan stands; runs begin. */
  record Planned(Plan plan) implements StudyEvent {}

  /**
   * A step was taken.
   *
   * @param run the run it belongs to: for a trunk, the one of the largest budget
   * @param step of {@code steps}
   * @param loss of the batch, nats per token
   * @param studyTokens trained on in all runs of the study so far
   * @param studyTotal to be trained on in all runs of the study
   */
  record Stepped(RunKey run, long step, long steps, double loss, long studyTokens, long studyTotal)
      implements StudyEvent {}

  /**
   * A run ended.
   *
   * @param earlier whether an earlier start of the study had finished it
   */
  record Finished(RunResult result, boolean earlier) implements StudyEvent {}

  /**
   * A model of rounds is writing text.
   *
   * @param text whose text
   * @param tokens so far
   * @param total tokens to be written of this text
   */
  record Writing(String text, long tokens, long total) implements StudyEvent {}

  /**
   * Something went wrong and was mended, such as a damaged checkpoint that an older one replaced.
   */
  record Warned(String warning) implements StudyEvent {}
}
