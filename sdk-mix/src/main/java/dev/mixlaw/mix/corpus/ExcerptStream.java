package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Documents spread evenly over others: one is taken whenever what was taken is less than its share
 * of what was read. All are read once before, to know how much there is.
 */
public final class ExcerptStream implements DocumentStream {
  private final DocumentStream all;
  private final double share;
  private long read;
  private long taken;
  private @Nullable Document next;

  private ExcerptStream(DocumentStream all, double share) {
    this.all = all;
    this.share = share;
    advance();
  }

  /**
   * A reading of about so many bytes.
   *
   * @param bytes of UTF-8 text, exceeded by less than a document
   */
  public static DocumentStream open(DocumentSource source, long bytes) {
    long total = 0;
    try (DocumentStream documents = source.open()) {
      while (documents.hasNext()) {
        total += length(documents.next());
      }
    }
    DocumentStream all = source.open();
    if (total <= bytes) {
      return all;
    }
    try {
      return new ExcerptStream(all, (double) bytes / total);
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private void advance() {
    next = null;
    while (next == null && all.hasNext()) {
      Document candidate = all.next();
      long length = length(candidate);
      if (taken < share * (read + length / 2.0)) {
        next = candidate;
        taken += length;
      }
      read += length;
    }
  }

  private static long length(Document document) {
    return document.text().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Document next() {
    Document document = next;
    if (document == null) {
      throw new NoSuchElementException();
    }
    advance();
    return document;
  }

  @Override
  public long skipped() {
    return all.skipped();
  }

  @Override
  public List<String> skippedExamples() {
    return all.skippedExamples();
  }

  @Override
  public void close() {
    all.close();
  }
}
