package dev.mixlaw.api.spi;

/** A model that is held in memory until it is closed. Not thread-safe. */
public interface ModelSession extends AutoCloseable {
  /**
   * Returns the model in its current state. It is valid until the next training step or the end of
   * the session. It is a {@link SamplingModel} if the engine can write text.
   */
  LanguageModel model();

  /** Frees the memory of the model. */
  @Override
  void close();
}
