package dev.mixlaw.api;

import dev.mixlaw.api.results.Findings;
import java.util.concurrent.CancellationException;

/**
 * A handle to a study that runs in the background, as returned by {@link Lab#start}. Handles are
 * thread-safe.
 */
public final class StudyHandle {
  private final BackgroundTask<Findings> task;

  StudyHandle(BackgroundTask<Findings> task) {
    this.task = task;
  }

  /**
   * Returns the number of tokens trained on so far, including those before the study was resumed.
   */
  public long trainedTokens() {
    return task.trainedTokens();
  }

  /** Returns the total number of tokens to train on. Returns 0 until the study is planned. */
  public long totalTokens() {
    return task.totalTokens();
  }

  /** Returns whether the study has completed, failed or been cancelled. */
  public boolean isDone() {
    return task.isDone();
  }

  /**
   * Cancels the study and returns immediately. The study may be in any phase. Finished work is
   * kept, and the study can be resumed by running it again.
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
   *     interrupted, which cancels the study; the interrupt status of the thread remains set
   */
  public Findings await() {
    return task.await();
  }
}
