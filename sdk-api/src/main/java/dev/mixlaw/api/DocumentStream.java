package dev.mixlaw.api;

import java.util.Iterator;
import java.util.List;

/** An iterator over the documents of a corpus. Streams are not thread-safe. */
public interface DocumentStream extends Iterator<Document>, AutoCloseable {
  /**
   * Returns the number of malformed records that have been skipped so far. The default
   * implementation returns 0.
   */
  default long skipped() {
    return 0;
  }

  /**
   * Returns descriptions of the first few skipped records, each with file, line and reason. The
   * default implementation returns an empty list.
   */
  default List<String> skippedExamples() {
    return List.of();
  }

  /** Closes the files that this stream reads. The default implementation does nothing. */
  @Override
  default void close() {}

  /** Returns a stream of the given documents. */
  static DocumentStream of(Iterable<Document> documents) {
    Iterator<Document> it = documents.iterator();
    return new DocumentStream() {
      @Override
      public boolean hasNext() {
        return it.hasNext();
      }

      @Override
      public Document next() {
        return it.next();
      }
    };
  }
}
