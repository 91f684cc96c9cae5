package dev.mixlaw.api;

/**
 * Receives the events of a study. It is called by one dedicated thread at a time, so a call that
 * blocks does not stop training. An exception is logged, and the study continues.
 */
@FunctionalInterface
public interface StudyListener {
  /** Receives an event. Step events are dropped while many events are waiting. */
  void on(StudyEvent event);

  /** Returns a listener that ignores all events. */
  static StudyListener none() {
    return event -> {};
  }
}
