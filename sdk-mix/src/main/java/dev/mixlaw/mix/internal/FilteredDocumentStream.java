package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A document stream with the documents of another stream that satisfy a predicate. */
public class FilteredDocumentStream extends ForwardingDocumentStream {
  private final Predicate<Document> test;
  private @Nullable Document ready;

  public FilteredDocumentStream(DocumentStream all, Predicate<Document> test) {
    super(all);
    this.test = test;
  }

  @Override
  public boolean hasNext() {
    while (ready == null && super.hasNext()) {
      Document document = super.next();
      ready = test.test(document) ? document : null;
    }
    return ready != null;
  }

  @Override
  public Document next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Document document = ready;
    ready = null;
    return document;
  }

  @Override
  public void close() {
    ready = null;
    super.close();
  }
}
