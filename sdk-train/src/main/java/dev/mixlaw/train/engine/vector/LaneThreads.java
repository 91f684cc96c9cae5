package dev.mixlaw.train.engine.vector;

import dev.mixlaw.api.internal.Threads;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run the same job at the same time, each on its share of the work. Unlike an
 * executor, they allocate nothing when they run a job.
 */
public final class LaneThreads implements AutoCloseable {
  private final Thread[] threads;
  private final Runnable beginning;
  private @Nullable IntConsumer job;
  private @Nullable Throwable failure;
  private long round;
  private int running;
  private boolean closed;

  /**
   * Starts the threads.
   *
   * @param count number of threads
   * @param name prefix of the thread names, which is followed by a number
   * @param beginning task that each thread runs first; if it fails, the first job fails
   */
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

  /** Returns the number of threads. */
  public int count() {
    return threads.length;
  }

  /**
   * Runs a job on every lane and waits for all of them, even if one fails or the caller is
   * interrupted, because the buffers are in use until all lanes have finished. The caller's
   * interrupt status is kept.
   *
   * @param newJob the job, which receives the number of the lane
   * @throws IllegalStateException if the threads have ended, or if a lane fails; the cause is then
   *     the lane's exception
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

  /**
   * Waits for the next job after {@code done} rounds and returns it, or returns null if the threads
   * must end.
   */
  private synchronized @Nullable IntConsumer next(long done) {
    while (round == done && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Only close() ends these threads; nobody else can interrupt them.
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

  /** Ends all threads and waits for them. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    Threads.join(List.of(threads));
  }
}
