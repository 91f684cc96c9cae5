package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.util.List;

/** Forwards all calls to another stream. Subclasses change what happens to its documents. */
public abstract class ForwardingDocumentStream implements DocumentStream {
  private final DocumentStream all;

  /** Creates a stream that forwards to {@code all}. */
  protected ForwardingDocumentStream(DocumentStream all) {
    this.all = all;
  }

  @Override
  public boolean hasNext() {
    return all.hasNext();
  }

  @Override
  public Document next() {
    return all.next();
  }

  @Override
  public final long skipped() {
    return all.skipped();
  }

  @Override
  public final List<String> skippedExamples() {
    return all.skippedExamples();
  }

  @Override
  public void close() {
    all.close();
  }
}
