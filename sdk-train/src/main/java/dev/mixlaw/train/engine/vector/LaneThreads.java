package dev.mixlaw.train.engine.vector;

import dev.mixlaw.api.internal.Threads;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Threads that run the same job at the same time. Running a job allocates nothing. */
public final class LaneThreads implements AutoCloseable {
  private final Thread[] threads;
  private final Runnable beginning;
  private @Nullable IntConsumer job;
  private @Nullable Throwable failure;
  private long round;
  private int running;
  private boolean closed;

  public LaneThreads(int count, String name, Runnable beginning) {
    this.beginning = beginning;
    threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      int lane = i;
      threads[i] = new Thread(() -> work(lane), name + "-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  public int count() {
    return threads.length;
  }

  /**
   * Runs a job on every thread and waits for all threads, because they use buffers of the caller.
   * The wait continues if a thread fails or the caller is interrupted; the interrupt status is
   * kept.
   *
   * @param newJob the job, which receives the index of the thread
   * @throws IllegalStateException if the threads have ended, or if a thread failed; the cause is
   *     then the exception of that thread
   */
  public synchronized void onEach(IntConsumer newJob) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    job = newJob;
    failure = null;
    running = threads.length;
    round++;
    notifyAll();
    boolean interrupted = false;
    while (running > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("a training thread failed", failure);
    }
  }

  private void work(int lane) {
    @Nullable Throwable thrown = null;
    try {
      beginning.run();
    } catch (RuntimeException | LinkageError e) {
      thrown = e;
    }
    long done = 0;
    while (true) {
      IntConsumer mine = next(done);
      if (mine == null) {
        return;
      }
      done++;
      if (thrown == null) {
        thrown = attempt(mine, lane);
      }
      finished(thrown);
      thrown = null;
    }
  }

  private static @Nullable Throwable attempt(IntConsumer mine, int lane) {
    try {
      mine.accept(lane);
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  /** Waits for the next job. Returns null if the threads must end. */
  private synchronized @Nullable IntConsumer next(long done) {
    while (round == done && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Only close() ends these threads; an interrupt does not.
        continue;
      }
    }
    return round == done ? null : job;
  }

  private synchronized void finished(@Nullable Throwable thrown) {
    if (thrown != null) {
      failure = thrown;
    }
    if (--running == 0) {
      notifyAll();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    Threads.join(List.of(threads));
  }
}
