package dev.mixlaw.mix.corpus.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those documents of a stream that pass a test; each is tested once, in order. */
public final class FilteredStream implements DocumentStream {
  private final DocumentStream all;
  private final Predicate<Document> test;
  private @Nullable Document ready;

  public FilteredStream(DocumentStream all, Predicate<Document> test) {
    this.all = all;
    this.test = test;
  }

  @Override
  public boolean hasNext() {
    while (ready == null && all.hasNext()) {
      Document document = all.next();
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
  public long skipped() {
    return all.skipped();
  }

  @Override
  public List<String> skippedExamples() {
    return all.skippedExamples();
  }

  @Override
  public void close() {
    ready = null;
    all.close();
  }
}
