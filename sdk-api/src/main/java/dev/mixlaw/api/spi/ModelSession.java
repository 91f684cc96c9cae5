package dev.mixlaw.api.spi;

/** A model that is held in memory until the session is closed. Sessions are not thread-safe. */
public interface ModelSession extends AutoCloseable {
  /**
   * Returns the current model, which is valid until the next training step or until the session is
   * closed. The model is a {@link SamplingModel} if the engine can generate text.
   */
  LanguageModel model();

  /** Frees the memory of the model. */
  @Override
  void close();
}
