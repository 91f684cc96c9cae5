package dev.mixlaw.api;

import java.util.Iterator;
import java.util.List;

/** An iterator over the documents of a corpus, in their order. Not thread-safe. */
public interface DocumentStream extends Iterator<Document>, AutoCloseable {
  /** Returns the number of malformed records that were skipped so far; 0 by default. */
  default long skipped() {
    return 0;
  }

  /** Returns the first few skipped records, each with file, line and reason; none by default. */
  default List<String> skippedExamples() {
    return List.of();
  }

  /** Closes the files of this reading; does nothing by default. */
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
