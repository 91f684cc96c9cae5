package dev.mixlaw.mix.generate;

/**
 * Receives the events of a generation. One thread at a time calls it; an exception ends the
 * generation.
 */
@FunctionalInterface
public interface GenerationListener {
  /** Receives an event. */
  void on(GenerationEvent event);

  /** Returns a listener that ignores all events. */
  static GenerationListener none() {
    return event -> {};
  }
}
