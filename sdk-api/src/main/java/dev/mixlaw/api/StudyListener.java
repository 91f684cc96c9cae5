package dev.mixlaw.api;

/**
 * A listener for the events of a study. All events are delivered by a single dedicated thread, so a
 * call that blocks does not stop training. If a listener throws an exception, the exception is
 * logged and the study continues.
 */
@FunctionalInterface
public interface StudyListener {
  /**
   * Receives an event. While many events are queued, events of type {@link StudyEvent.Stepped} are
   * dropped.
   */
  void on(StudyEvent event);

  /** Returns a listener that ignores all events. */
  static StudyListener none() {
    return event -> {};
  }
}
