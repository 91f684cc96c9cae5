package dev.mixlaw.api;

import java.util.Iterator;
import java.util.List;

/** One reading of a corpus, in its order. Not for use by several threads. */
public interface DocumentStream extends Iterator<Document>, AutoCloseable {
  /** Records read so far that were malformed and left out. */
  default long skipped() {
    return 0;
  }

  /** The first few of {@link #skipped()}, each with its file, line and reason. */
  default List<String> skippedExamples() {
    return List.of();
  }

  @Override
  default void close() {}

  /** A stream over documents in memory. */
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
