package dev.mixlaw.api;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.Threads;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A study, or several rounds of training, that run in a separate thread. */
final class BackgroundTask<T> {
  /** Longest time in milliseconds that a finished task waits for a blocked listener. */
  private static final long PATIENCE = 5000;

  private final Thread thread;
  private final EventQueue events;
  private volatile long trained;
  private volatile long total;
  private volatile @Nullable T result;
  private volatile @Nullable Throwable failure;

  /**
   * Starts a task.
   *
   * @param work the work to do; it must pass its events to the listener that it receives
   */
  BackgroundTask(String name, List<StudyListener> listeners, Function<StudyListener, T> work) {
    this.events = new EventQueue(listeners, PATIENCE);
    this.thread = new Thread(() -> run(work), "mixlaw-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
  }

  private void run(Function<StudyListener, T> work) {
    try {
      result = Interrupts.cancelling(() -> work.apply(this::event));
    } catch (Throwable t) {
      failure = t;
    } finally {
      events.close();
    }
  }

  private void event(StudyEvent event) {
    if (event instanceof StudyEvent.Stepped step) {
      trained = step.studyTokens();
    } else if (event instanceof StudyEvent.Planned planned) {
      total = planned.plan().trainedTokens();
    }
    events.on(event);
  }

  long trainedTokens() {
    return trained;
  }

  long totalTokens() {
    return total;
  }

  boolean isDone() {
    return !thread.isAlive();
  }

  void cancel() {
    thread.interrupt();
  }

  /** Waits for the task to end. Interrupting the calling thread does not cancel the task. */
  void join() {
    Threads.join(List.of(thread));
  }

  /**
   * Waits for the task to end. Interrupting the calling thread cancels the task.
   *
   * @throws CancellationException if the task was cancelled
   */
  T await() {
    Threads.await(() -> !thread.isAlive(), thread::join, this::cancel);
    Throwable failed = failure;
    if (failed instanceof Error error) {
      throw error;
    } else if (failed instanceof RuntimeException exception) {
      throw exception;
    }
    T found = result;
    if (found == null) {
      throw new IllegalStateException("the task has ended without a result", failed);
    }
    return found;
  }
}
