package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;

/**
 * A corpus or domain of a study.
 *
 * @param role {@code corpus} or {@code domain}
 */
record TextSource(String role, Corpus corpus) {
  String name() {
    return corpus.name();
  }

  /** Returns the name for messages. */
  String title() {
    return role + " " + corpus.name();
  }

  DocumentStream open() {
    return Corpora.open(corpus);
  }
}
