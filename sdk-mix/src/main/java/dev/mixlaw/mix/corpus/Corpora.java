package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.CorpusReader;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens corpora of any kind: the application's own documents, or files by the reader for them. */
public final class Corpora {
  private Corpora() {}

  /**
   * Opens a corpus for one reading.
   *
   * @throws MixlawException (data) if there is no reader for its files, or it cannot be read
   */
  public static DocumentStream open(Corpus corpus) {
    return open(corpus, "corpus " + corpus.name());
  }

  /**
   * Opens a corpus for one reading.
   *
   * @param title as the corpus is called in messages, such as {@code domain news}
   * @throws MixlawException (data) if there is no reader for its files, or it cannot be read
   */
  public static DocumentStream open(Corpus corpus, String title) {
    if (corpus.content() instanceof Corpus.Excerpt excerpt) {
      Corpus whole = corpus.with(excerpt.of());
      return ExcerptStream.open(() -> open(whole, title), excerpt.bytes());
    }
    if (corpus.content() instanceof Corpus.Supplied supplied) {
      return supplied.source().open();
    }
    Corpus.Files files = (Corpus.Files) corpus.content();
    return reader(files, Thread.currentThread().getContextClassLoader())
        .or(() -> reader(files, Corpora.class.getClassLoader()))
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.DATA,
                    new Problem(
                        title + ": " + files.path(),
                        "no reader for such files (" + files.format() + ")",
                        "what an implementation of " + CorpusReader.class.getName() + " reads",
                        "a dependency that brings one")))
        .open(corpus);
  }

  private static Optional<CorpusReader> reader(Corpus.Files files, ClassLoader loader) {
    return ServiceLoader.load(CorpusReader.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .filter(reader -> reader.reads(files))
        .findFirst();
  }
}
