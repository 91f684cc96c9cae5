package dev.mixlaw.api;

/** Documents that can be read any number of times: the same documents in the same order. */
@FunctionalInterface
public interface DocumentSource {
  /** Starts a reading from the first document. The caller closes it. */
  DocumentStream open();
}
