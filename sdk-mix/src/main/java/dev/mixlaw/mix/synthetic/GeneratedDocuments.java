package dev.mixlaw.mix.synthetic;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/**
 * Corpora written by generators: read them as they are made, or keep them with {@link
 * dev.mixlaw.mix.corpus.JsonLines}, which is what slow generators want.
 */
public final class GeneratedDocuments {
  private GeneratedDocuments() {}

  /**
   * Each document said again by a generator, under the same id: style changes, topic does not.
   *
   * @param seed with the id, decides what the generator does with a document
   */
  public static DocumentSource rephrased(
      DocumentSource documents, TextGenerator generator, long seed) {
    return () -> new Rephrasing(documents.open(), generator, seed);
  }

  /**
   * Documents made one by one until they have so many UTF-8 bytes; the last may go beyond.
   *
   * @param prefix of the ids, which go on with a number
   * @param text a document's text, given its own seed
   */
  public static DocumentSource written(
      String prefix, long bytes, long seed, LongFunction<String> text) {
    return () -> DocumentStream.of(() -> new Writing(prefix, bytes, seed, text));
  }

  private record Rephrasing(DocumentStream documents, TextGenerator generator, long seed)
      implements DocumentStream {
    @Override
    public boolean hasNext() {
      return documents.hasNext();
    }

    @Override
    public Document next() {
      Document document = documents.next();
      long own = Hash64.of(document.id(), seed);
      var settings = new TextGenerator.Settings(Integer.MAX_VALUE, 1, own);
      return new Document(document.id(), generator.generate(document.text(), settings));
    }

    @Override
    public long skipped() {
      return documents.skipped();
    }

    @Override
    public List<String> skippedExamples() {
      return documents.skippedExamples();
    }

    @Override
    public void close() {
      documents.close();
    }
  }

  private static final class Writing implements Iterator<Document> {
    private final String prefix;
    private final long bytes;
    private final long seed;
    private final LongFunction<String> text;
    private long written;
    private long number;

    Writing(String prefix, long bytes, long seed, LongFunction<String> text) {
      this.prefix = prefix;
      this.bytes = bytes;
      this.seed = seed;
      this.text = text;
    }

    @Override
    public boolean hasNext() {
      return written < bytes;
    }

    @Override
    public Document next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      String body = text.apply(Hash64.at(seed, number));
      written += Math.max(1, Utf8.length(body));
      return new Document(String.format(Locale.ROOT, "%s%06d", prefix, number++), body);
    }
  }
}
