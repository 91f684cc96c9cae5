package dev.mixlaw.mix.generate;

/** Hears what happens. Called by one thread at a time; an exception ends the generation. */
@FunctionalInterface
public interface GenerationListener {
  void on(GenerationEvent event);

  /** Hears nothing. */
  static GenerationListener none() {
    return event -> {};
  }
}
