package dev.mixlaw.api;

/**
 * Receives the events of a study. It is called by one thread at a time; an exception ends the
 * study.
 */
@FunctionalInterface
public interface StudyListener {
  /** Receives an event. A call that blocks stops training meanwhile. */
  void on(StudyEvent event);

  /** Returns a listener that ignores all events. */
  static StudyListener none() {
    return event -> {};
  }
}
