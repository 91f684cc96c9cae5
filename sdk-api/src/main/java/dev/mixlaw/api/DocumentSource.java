package dev.mixlaw.api;

/**
 * A source of documents that can be read any number of times. Every stream that it opens returns
 * the same documents in the same order.
 */
@FunctionalInterface
public interface DocumentSource {
  /** Opens a stream that begins with the first document. The caller must close the stream. */
  DocumentStream open();
}
