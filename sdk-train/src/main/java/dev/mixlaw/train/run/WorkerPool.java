package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Interrupts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs jobs in a bounded number of threads, all of which have ended when {@link #run} returns. */
final class WorkerPool<J extends WorkerPool.Job> {
  private static final long SHORTEST_PAUSE = 200;
  private static final long LONGEST_PAUSE = 10_000;

  /** The jobs that no worker of this pool is executing, by their position in the list. */
  private final ConcurrentSkipListMap<Integer, J> open = new ConcurrentSkipListMap<>();

  private final AtomicInteger unfinished;
  private final AtomicInteger busy = new AtomicInteger();
  private final int threads;
  private final Semaphore free;
  private final StopSignal stop;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  interface Job {
    int threads();

    /**
     * Executes the job.
     *
     * @param worker index of the worker, from 0
     */
    Attempt run(int worker);
  }

  /** The result of an attempt to execute a job. */
  enum Attempt {
    /** The worker has executed the job. */
    EXECUTED,
    /** Another process has executed the job. */
    ENDED,
    /** Another process is executing the job, which must be tried again. */
    REFUSED
  }

  private WorkerPool(List<J> jobs, int threads, StopSignal stop) {
    jobs.forEach(job -> open.put(open.size(), job));
    this.unfinished = new AtomicInteger(jobs.size());
    this.threads = threads;
    this.free = new Semaphore(threads, true);
    this.stop = stop;
  }

  /**
   * Runs all jobs that no other process is executing. If a job fails, stops all workers and throws
   * the exception.
   *
   * @param threads maximum number of threads of all concurrent jobs; a job with more threads runs
   *     alone
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is
   *     kept
   * @return the jobs that other processes are executing
   */
  static <J extends Job> List<J> run(int workers, int threads, List<J> jobs, StopSignal stop) {
    WorkerPool<J> pool = new WorkerPool<>(jobs, threads, stop);
    pool.run(Math.min(workers, jobs.size()));
    return List.copyOf(pool.open.values());
  }

  /**
   * Waits before jobs of other processes are tried again.
   *
   * @param times number of unsuccessful attempts since this process last executed a job
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is
   *     kept
   */
  static void pause(int times) {
    try {
      Thread.sleep(pauseMillis(times));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Interrupts.check();
    }
  }

  static long pauseMillis(int times) {
    return Math.min(SHORTEST_PAUSE << Math.min(3 * times, 9), LONGEST_PAUSE);
  }

  private void run(int workers) {
    List<Thread> threads = new ArrayList<>();
    boolean interrupted = false;
    try {
      for (int i = 0; i < workers; i++) {
        int worker = i;
        Thread thread = new Thread(() -> work(worker), "mixlaw-worker-" + (i + 1));
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
    if (failed instanceof Error error) {
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
        wake();
      }
    }
  }

  /**
   * Executes jobs. After each job, tries again the jobs that other processes were executing, so
   * that the job of a dead process is taken over while there are other jobs.
   */
  private void work(int worker) {
    try {
      int pauses = 0;
      int last = -1;
      while (unfinished.get() > 0) {
        stop.check();
        Map.Entry<Integer, J> next = open.higherEntry(last);
        if (next == null) {
          // Others are executing the remaining jobs, and may release some of them.
          if (busy.get() == 0) {
            return;
          }
          pause(pauseMillis(pauses++));
          last = -1;
        } else if (open.remove(next.getKey(), next.getValue())) {
          Attempt attempt = attempt(next.getValue(), worker);
          if (attempt == Attempt.REFUSED) {
            open.put(next.getKey(), next.getValue());
          } else {
            pauses = 0;
            unfinished.decrementAndGet();
            wake();
          }
          last = attempt == Attempt.EXECUTED ? -1 : next.getKey();
        }
      }
    } catch (StopSignal.Stopped e) {
      // The worker stopped on request. The caller that requested the stop knows the reason.
    } catch (Throwable t) {
      fail(t);
    }
  }

  private Attempt attempt(J job, int worker) {
    int permits = Math.min(threads, job.threads());
    free.acquireUninterruptibly(permits);
    busy.incrementAndGet();
    try {
      stop.check();
      return job.run(worker);
    } finally {
      busy.decrementAndGet();
      free.release(permits);
    }
  }

  private synchronized void pause(long millis) {
    try {
      if (unfinished.get() > 0 && !stop.requested()) {
        wait(millis);
      }
    } catch (InterruptedException e) {
      stop.request(true);
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private void fail(Throwable t) {
    if (!failure.compareAndSet(null, t)) {
      Throwable first = failure.get();
      if (first != null && first != t) {
        first.addSuppressed(t);
      }
    }
    stop.request(false);
    wake();
  }
}
