package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

/** Something that happened in a study or in rounds. */
public sealed interface StudyEvent {
  /**
   * Text is being prepared.
   *
   * @param stage what is being prepared, such as {@code tokenizer} or {@code tokens of web}
   * @param done number of bytes of text processed so far
   * @param total total number of bytes of text; 0 while the total is not known
   */
  record Preparing(String stage, long done, long total) implements StudyEvent {}

  /**
   * Planning is complete and training begins.
   *
   * @param plan plan of the study; for rounds, the plan of round 0
   */
  record Planned(Plan plan) implements StudyEvent {}

  /**
   * An optimizer step was taken.
   *
   * @param run the run that the step belongs to; for a trunk, the run with the largest budget
   * @param step number of this step, from 1 to {@code steps}
   * @param steps number of steps in the run
   * @param loss loss of the batch in nats per token
   * @param studyTokens number of tokens trained on so far in all runs of the study
   * @param studyTotal total number of tokens to train on in all runs of the study
   */
  record Stepped(RunKey run, long step, long steps, double loss, long studyTokens, long studyTotal)
      implements StudyEvent {}

  /**
   * A run ended.
   *
   * @param result outcome and losses of the run
   * @param earlier whether the run was already finished in an earlier start of the study
   */
  record Finished(RunResult result, boolean earlier) implements StudyEvent {}

  /**
   * A model in rounds is writing text.
   *
   * @param text name of the text
   * @param tokens number of tokens written so far
   * @param total total number of tokens to write
   */
  record Writing(String text, long tokens, long total) implements StudyEvent {}

  /**
   * A problem was found and corrected, such as a damaged checkpoint that was replaced by an older
   * one.
   *
   * @param warning description of the event
   */
  record Warned(String warning) implements StudyEvent {}
}
