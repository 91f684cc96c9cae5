package dev.mixlaw.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs jobs in a bounded number of threads, all of which have ended when it returns. */
final class WorkerPool {
  private final List<? extends Runnable> jobs;
  private final StopSignal stop;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private WorkerPool(List<? extends Runnable> jobs, StopSignal stop) {
    this.jobs = jobs;
    this.stop = stop;
  }

  /**
   * Runs all jobs. The first failure stops all workers and is thrown.
   *
   * @param workers maximum number of concurrent jobs
   * @throws CancellationException if the calling thread is interrupted; its interrupt status stays
   *     set
   */
  static void run(int workers, List<? extends Runnable> jobs, StopSignal stop) {
    new WorkerPool(jobs, stop).run(Math.min(workers, jobs.size()));
  }

  private void run(int workers) {
    List<Thread> threads = new ArrayList<>();
    boolean interrupted = false;
    try {
      for (int i = 1; i <= workers; i++) {
        Thread thread = new Thread(this::work, "mixlaw-worker-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (Throwable t) {
      fail(t);
    } finally {
      for (Thread thread : threads) {
        interrupted |= join(thread);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable failed = failure.get();
    if (failed instanceof StudyAbortedException aborted) {
      throw aborted.reason();
    } else if (failed instanceof Error error) {
      throw error;
    } else if (failed instanceof RuntimeException exception) {
      throw exception;
    } else if (stop.requested()) {
      throw new CancellationException("the study was interrupted; run it again to resume");
    }
  }

  private boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        stop.request(true);
      }
    }
  }

  private void work() {
    try {
      for (int i = next.getAndIncrement(); i < jobs.size(); i = next.getAndIncrement()) {
        stop.check();
        jobs.get(i).run();
      }
    } catch (StopSignal.Stopped e) {
      // As asked; whoever asked knows why.
    } catch (Throwable t) {
      fail(t);
    }
  }

  private void fail(Throwable t) {
    if (!failure.compareAndSet(null, t)) {
      Throwable first = failure.get();
      if (first != null && first != t) {
        first.addSuppressed(t);
      }
    }
    stop.request(false);
  }
}
