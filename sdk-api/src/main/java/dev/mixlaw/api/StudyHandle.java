package dev.mixlaw.api;

import dev.mixlaw.api.results.Findings;
import java.util.concurrent.CancellationException;

/** A study that runs in the background; returned by {@link Lab#start}. Thread-safe. */
public final class StudyHandle {
  private final BackgroundTask<Findings> task;

  StudyHandle(BackgroundTask<Findings> task) {
    this.task = task;
  }

  /** Returns the number of tokens trained on so far, including those in earlier starts. */
  public long trainedTokens() {
    return task.trainedTokens();
  }

  /** Returns the total number of tokens to train on; 0 until the study is planned. */
  public long totalTokens() {
    return task.totalTokens();
  }

  /** Returns whether the study has completed, failed or been cancelled. */
  public boolean isDone() {
    return task.isDone();
  }

  /**
   * Asks the study to stop, whatever phase it is in. Finished work is kept, and the study resumes
   * from there when it is run again. This method returns immediately.
   */
  public void cancel() {
    task.cancel();
  }

  /**
   * Waits for the study to end.
   *
   * @return the findings of the study
   * @throws MixlawException for the same reasons as {@link Lab#run}
   * @throws CancellationException if the study was cancelled, or if the calling thread is
   *     interrupted, which cancels the study; its interrupt status stays set
   */
  public Findings await() {
    return task.await();
  }
}
