package dev.mixlaw.train.engine.llama.cpu;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that all do the same job at the same time, each on its share. Unlike an executor's, a
 * round allocates nothing; each thread is oneDNN's only one.
 */
final class LaneThreads implements AutoCloseable {
  private final Thread[] threads;
  private @Nullable IntConsumer job;
  private @Nullable Throwable failure;
  private long round;
  private int running;
  private boolean closed;

  LaneThreads(int count) {
    threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      int lane = i;
      threads[i] = new Thread(() -> work(lane), "mixlaw-native-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  int count() {
    return threads.length;
  }

  /**
   * Does a job on every lane and waits for all of them, whatever happens: buffers are in use until
   * then. An interrupt is kept for afterwards.
   */
  synchronized void onEach(IntConsumer newJob) {
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
      OneDnn.useThisThreadOnly();
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

  /** The job after {@code done} rounds; null when closed. */
  private synchronized @Nullable IntConsumer next(long done) {
    while (round == done && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody else knows these threads: only close ends them.
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

  /** Returns when all threads have ended. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
