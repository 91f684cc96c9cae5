package dev.mixlaw.mix.synthetic;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.internal.ForwardingDocumentStream;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/**
 * Document sources whose text a generator writes while it is read. {@link
 * dev.mixlaw.mix.corpus.JsonLines} stores the documents, which pays for slow generators.
 */
public final class GeneratedDocuments {
  private GeneratedDocuments() {}

  /**
   * Returns a source in which a generator rewrites each document, under the same id.
   *
   * @param seed decides, together with the id, what the generator draws at random
   */
  public static DocumentSource rephrased(
      DocumentSource documents, TextGenerator generator, long seed) {
    return () ->
        new ForwardingDocumentStream(documents.open()) {
          @Override
          public Document next() {
            Document document = super.next();
            long own = Hash64.of(document.id(), seed);
            var settings = new TextGenerator.Settings(Integer.MAX_VALUE, 1, own);
            return new Document(document.id(), generator.generate(document.text(), settings));
          }
        };
  }

  /**
   * Returns a source of new documents, until they have a number of UTF-8 bytes; the last document
   * may exceed it.
   *
   * @param prefix prefix of the ids, followed by a number
   * @param bytes number of UTF-8 bytes
   * @param seed decides everything that is drawn at random
   * @param text returns the text of a document, given the document's own seed
   */
  public static DocumentSource written(
      String prefix, long bytes, long seed, LongFunction<String> text) {
    return () -> DocumentStream.of(() -> new Writing(prefix, bytes, seed, text));
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
