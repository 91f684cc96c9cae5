package dev.mixlaw.api;

import dev.mixlaw.api.results.Findings;
import java.util.concurrent.CancellationException;

/**
 * A study that runs in the background, as {@link Lab#start} returns it. Safe for use by several
 * threads.
 */
public final class StudyHandle {
  private final BackgroundTask<Findings> task;

  StudyHandle(BackgroundTask<Findings> task) {
    this.task = task;
  }

  /** Returns the number of tokens that are trained on, earlier starts included. */
  public long trainedTokens() {
    return task.trainedTokens();
  }

  /** Returns the number of tokens to train on in all; 0 until the study is planned. */
  public long totalTokens() {
    return task.totalTokens();
  }

  /** Returns whether the study has ended, in whatever way. */
  public boolean isDone() {
    return task.isDone();
  }

  /**
   * Asks the study to stop in whatever phase it is. What was done is kept, and the study continues
   * there when it is run again. Returns at once.
   */
  public void cancel() {
    task.cancel();
  }

  /**
   * Waits for the end of the study.
   *
   * @return its findings
   * @throws MixlawException as {@link Lab#run}
   * @throws CancellationException if the study was cancelled, or if the calling thread is
   *     interrupted, which cancels the study; its interrupt status stays set
   */
  public Findings await() {
    return task.await();
  }
}
