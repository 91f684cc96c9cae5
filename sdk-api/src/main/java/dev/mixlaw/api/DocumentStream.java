package dev.mixlaw.api;

import java.util.Iterator;
import java.util.List;

/** An iterator over the documents of a corpus, in order. Not thread-safe. */
public interface DocumentStream extends Iterator<Document>, AutoCloseable {
  /** Returns the number of malformed records that have been skipped so far; 0 by default. */
  default long skipped() {
    return 0;
  }

  /**
   * Returns descriptions of the first few skipped records, each with file, line and reason; empty
   * by default.
   */
  default List<String> skippedExamples() {
    return List.of();
  }

  /** Closes the files that this stream reads; does nothing by default. */
  @Override
  default void close() {}

  /** Returns a stream of documents in memory. */
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
