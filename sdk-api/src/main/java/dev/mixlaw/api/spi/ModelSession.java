package dev.mixlaw.api.spi;

/** A model in memory, in use until it is closed. Not for use by several threads at once. */
public interface ModelSession extends AutoCloseable {
  /**
   * The model as it is now; valid until it is trained on or the session's end. A {@link
   * SamplingModel} where the engine can write.
   */
  LanguageModel model();

  @Override
  void close();
}
