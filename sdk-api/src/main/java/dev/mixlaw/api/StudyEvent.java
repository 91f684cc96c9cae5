package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

/** An event in a study or in rounds. */
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
   * An optimizer step was completed.
   *
   * @param run the run to which the step belongs; if several runs share the step, the one with the
   *     largest budget
   * @param step number of the step, from 1 to {@code steps}
   * @param steps number of steps in the run
   * @param loss loss of the batch in nats per token
   * @param studyTokens number of tokens that all runs of the study have been trained on so far
   * @param studyTotal number of tokens that all runs of the study are to be trained on
   */
  record Stepped(RunKey run, long step, long steps, double loss, long studyTokens, long studyTotal)
      implements StudyEvent {}

  /**
   * A run has ended.
   *
   * @param result outcome and losses of the run
   * @param earlier whether the run had already ended when the study was started
   */
  record Finished(RunResult result, boolean earlier) implements StudyEvent {}

  /**
   * A model in rounds is generating text.
   *
   * @param text name of the text
   * @param tokens number of tokens generated so far
   * @param total number of tokens to generate
   */
  record Writing(String text, long tokens, long total) implements StudyEvent {}

  /**
   * A problem was found and corrected. For example, a damaged checkpoint was replaced by an older
   * one.
   *
   * @param warning description of the problem
   */
  record Warned(String warning) implements StudyEvent {}
}
