package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

/** An event in a study or in rounds. */
public sealed interface StudyEvent {
  /**
   * Text is being prepared, or a model in rounds is generating text.
   *
   * @param stage what is being prepared, such as {@code tokenizer} or {@code tokens of web}
   * @param done number of bytes of text processed, or of tokens generated, so far
   * @param total total number of bytes or tokens; 0 while the total is not known
   */
  record Preparing(String stage, long done, long total) implements StudyEvent {}

  /**
   * Planning is complete and training begins.
   *
   * @param plan plan of the study; for rounds, the plan of round 0
   */
  record Planned(Plan plan) implements StudyEvent {}

  /**
   * The training or measuring of a run begins or, after the study was stopped, is resumed.
   *
   * @param run the run; if several runs share the first steps, the one with the largest budget
   */
  record Started(RunKey run) implements StudyEvent {}

  /**
   * An optimizer step was completed.
   *
   * @param run the run to which the step belongs; if several runs share the step, the one with the
   *     largest budget
   * @param step number of the step, from 1 to {@code steps}
   * @param steps number of steps in the run
   * @param loss loss of the batch in nats per token
   * @param gradientNorm global gradient norm before clipping
   * @param learningRate learning rate of the step
   * @param tokensPerSecond tokens of the step divided by the time since the step before; 0 for the
   *     first step after the study was started or resumed
   * @param studyTokens number of tokens that all runs of the study have been trained on so far
   * @param studyTotal number of tokens that all runs of the study are to be trained on
   */
  record Stepped(
      RunKey run,
      long step,
      long steps,
      double loss,
      double gradientNorm,
      double learningRate,
      double tokensPerSecond,
      long studyTokens,
      long studyTotal)
      implements StudyEvent {}

  /**
   * A run was measured on a domain or test.
   *
   * @param run the measured run
   * @param name names of the domain or test and of the metric, separated by a space
   * @param value value of the metric
   */
  record Measured(RunKey run, String name, double value) implements StudyEvent {}

  /**
   * A run has ended.
   *
   * @param result outcome and losses of the run
   * @param earlier whether the run had already ended when the study was started
   */
  record Finished(RunResult result, boolean earlier) implements StudyEvent {}

  /**
   * A problem was found and corrected. For example, a damaged checkpoint was replaced by an older
   * one.
   *
   * @param warning description of the problem
   */
  record Warned(String warning) implements StudyEvent {}
}
