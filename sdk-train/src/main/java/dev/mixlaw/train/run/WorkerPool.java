package dev.mixlaw.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs jobs in a bounded number of threads, all of which have ended when {@link #run} returns. */
final class WorkerPool {
  /** Interval in milliseconds at which jobs that other processes have claimed are polled. */
  private static final long PAUSE = 200;

  private final ConcurrentLinkedDeque<Job> jobs;
  private final AtomicInteger unfinished;
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
     * @return false if another process is executing the job, which must then be polled again
     */
    boolean run(int worker);
  }

  private WorkerPool(List<? extends Job> jobs, int threads, StopSignal stop) {
    this.jobs = new ConcurrentLinkedDeque<>(jobs);
    this.unfinished = new AtomicInteger(jobs.size());
    this.threads = threads;
    this.free = new Semaphore(threads, true);
    this.stop = stop;
  }

  /**
   * Runs all jobs. If a job fails, stops all workers and throws the exception.
   *
   * @param threads maximum number of threads of all concurrent jobs; a job with more threads runs
   *     alone
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is
   *     kept
   */
  static void run(int workers, int threads, List<? extends Job> jobs, StopSignal stop) {
    new WorkerPool(jobs, threads, stop).run(Math.min(workers, jobs.size()));
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
      }
    }
  }

  private void work(int worker) {
    try {
      for (Job job = jobs.poll(); unfinished.get() > 0; job = jobs.poll()) {
        stop.check();
        if (job == null) {
          pause(); // other processes hold the remaining jobs and may release some of them
        } else if (done(job, worker)) {
          unfinished.decrementAndGet();
        } else {
          jobs.add(job);
          pause();
        }
      }
    } catch (StopSignal.Stopped e) {
      // The worker stopped on request. The caller that requested the stop knows the reason.
    } catch (Throwable t) {
      fail(t);
    }
  }

  private boolean done(Job job, int worker) {
    int permits = Math.min(threads, job.threads());
    free.acquireUninterruptibly(permits);
    try {
      stop.check();
      return job.run(worker);
    } finally {
      free.release(permits);
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      stop.request(true);
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
