package dev.mixlaw.api;

/**
 * A source of documents that can be read any number of times. Each reading returns the same
 * documents in the same order.
 */
@FunctionalInterface
public interface DocumentSource {
  /** Starts reading at the first document. The caller must close the returned stream. */
  DocumentStream open();
}
