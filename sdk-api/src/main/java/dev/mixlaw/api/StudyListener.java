package dev.mixlaw.api;

/** Hears what happens in a study. Called by one thread at a time; an exception ends the study. */
@FunctionalInterface
public interface StudyListener {
  void on(StudyEvent event);

  /** Hears nothing. */
  static StudyListener none() {
    return event -> {};
  }
}
