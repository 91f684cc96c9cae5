package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.CorpusReader;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A corpus in the part it plays in a study.
 *
 * @param role {@code corpus} or {@code domain}
 */
record TextSource(String role, Corpus corpus) {
  String name() {
    return corpus.name();
  }

  /** As it is called in messages. */
  String title() {
    return role + " " + corpus.name();
  }

  DocumentStream open() {
    if (corpus.content() instanceof Corpus.Supplied supplied) {
      return supplied.source().open();
    }
    Corpus.Files files = (Corpus.Files) corpus.content();
    return reader(files, Thread.currentThread().getContextClassLoader())
        .or(() -> reader(files, TextSource.class.getClassLoader()))
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.DATA,
                    new Problem(
                        title() + ": " + files.path(),
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
