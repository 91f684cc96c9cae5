package dev.mixlaw.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue that passes events to listeners in a separate thread, so that a slow or blocked listener
 * does not delay training. While {@value #MOST_STEPS} or more events are queued, new step events
 * are dropped.
 */
final class EventQueue implements StudyListener, AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.api");
  private static final int MOST_STEPS = 1000;

  private final List<StudyListener> listeners;
  private final long patienceMillis;
  private final Deque<StudyEvent> events = new ArrayDeque<>();
  private final Thread thread;
  private long delivered;
  private boolean closed;
  private boolean abandoned;

  /**
   * Creates a queue and starts its thread.
   *
   * @param patienceMillis time in milliseconds for which {@link #close} waits for a blocked
   *     listener
   */
  EventQueue(List<StudyListener> listeners, long patienceMillis) {
    this.listeners = List.copyOf(listeners);
    this.patienceMillis = patienceMillis;
    this.thread = new Thread(this::deliver, "mixlaw-events");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void on(StudyEvent event) {
    if (closed || event instanceof StudyEvent.Stepped && events.size() >= MOST_STEPS) {
      return;
    }
    events.add(event);
    notifyAll();
  }

  private void deliver() {
    try {
      for (StudyEvent event = next(); event != null; event = next()) {
        for (StudyListener listener : listeners) {
          deliver(event, listener);
        }
      }
    } catch (InterruptedException e) {
      // close() has abandoned the blocked listener.
    }
  }

  private static void deliver(StudyEvent event, StudyListener listener) {
    try {
      listener.on(event);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "a listener failed on " + event.getClass().getSimpleName() + "; the study continues",
          e);
    }
  }

  /**
   * Returns the next event. Returns null if the queue is closed and empty, or if a blocked listener
   * was abandoned.
   */
  private synchronized @Nullable StudyEvent next() throws InterruptedException {
    delivered++;
    notifyAll();
    while (events.isEmpty() && !closed) {
      wait();
    }
    return abandoned ? null : events.poll();
  }

  /**
   * Delivers the queued events, then ends the thread. If a listener is blocked, the remaining
   * events are discarded.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    long before = -1;
    while (thread.isAlive()) {
      long now;
      synchronized (this) {
        now = delivered;
      }
      if (now == before) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "a listener has been blocked for " + patienceMillis + " ms; it gets no more events");
        synchronized (this) {
          abandoned = true;
        }
        thread.interrupt();
        break;
      }
      try {
        thread.join(patienceMillis);
        before = now;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
