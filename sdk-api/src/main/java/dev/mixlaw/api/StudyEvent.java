package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

/** Something that happened in a study or in rounds. */
public sealed interface StudyEvent {
  /**
   * Text is being prepared.
   *
   * @param stage such as {@code tokenizer} or {@code tokens of web}
   * @param done bytes of text so far
   * @param total bytes of text; 0 while they are not known
   */
  record Preparing(String stage, long done, long total) implements StudyEvent {}

  /**
   * Planning is done and training begins.
   *
   * @param plan of the study; of round 0 for rounds
   */
  record Planned(Plan plan) implements StudyEvent {}

  /**
   * An optimizer step was taken.
   *
   * @param run the run that it belongs to; for a trunk that of the largest budget
   * @param step number of this step, from 1 to {@code steps}
   * @param steps of the run
   * @param loss of the batch, nats per token
   * @param studyTokens trained on in all runs of the study so far
   * @param studyTotal tokens to train on in all runs of the study
   */
  record Stepped(RunKey run, long step, long steps, double loss, long studyTokens, long studyTotal)
      implements StudyEvent {}

  /**
   * A run ended.
   *
   * @param result its outcome and losses
   * @param earlier whether an earlier start of the study had finished it
   */
  record Finished(RunResult result, boolean earlier) implements StudyEvent {}

  /**
   * A model of rounds is writing text.
   *
   * @param text name of the text
   * @param tokens written so far
   * @param total tokens to write
   */
  record Writing(String text, long tokens, long total) implements StudyEvent {}

  /**
   * Something went wrong and was corrected, such as a damaged checkpoint that an older one
   * replaced.
   *
   * @param warning what happened
   */
  record Warned(String warning) implements StudyEvent {}
}
