package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.corpus.Corpora;

/**
 * A corpus or domain of a study.
 *
 * @param role {@code corpus} or {@code domain}
 * @param documents the documents of the corpus
 */
record TextSource(String role, Corpus corpus, DocumentSource documents) {
  TextSource(String role, Corpus corpus) {
    this(role, corpus, Corpora.source(corpus));
  }

  String name() {
    return corpus.name();
  }

  /** Returns the role and name, for messages. */
  String title() {
    return role + " " + corpus.name();
  }
}
