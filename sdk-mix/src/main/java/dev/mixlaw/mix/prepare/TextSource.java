package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;

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
    return Corpora.open(corpus);
  }
}
