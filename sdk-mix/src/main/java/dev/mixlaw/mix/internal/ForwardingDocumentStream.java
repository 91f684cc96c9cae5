package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.util.List;

/** Forwards every call to another document stream. */
public abstract class ForwardingDocumentStream implements DocumentStream {
  private final DocumentStream all;

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
