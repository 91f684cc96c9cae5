package dev.mixlaw.api;

import dev.mixlaw.api.results.Findings;
import java.util.concurrent.CancellationException;

/** A study that runs in the background; returned by {@link Lab#start}. Thread-safe. */
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
   * Requests the study to stop, in any phase. Finished work is kept, and the study resumes from
   * there when it is run again. This method returns immediately.
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
