package dev.mixlaw.api.spi;

/** A model in memory, in use until it is closed. Not for use by several threads at once. */
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
