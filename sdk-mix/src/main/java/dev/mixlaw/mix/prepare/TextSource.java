package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.corpus.Corpora;

/** A corpus or domain of a study. Its role is {@code corpus} or {@code domain}. */
record TextSource(String role, Corpus corpus, DocumentSource documents) {
  TextSource(String role, Corpus corpus) {
    this(role, corpus, Corpora.source(corpus));
  }

  String name() {
    return corpus.name();
  }

  String title() {
    return role + " " + corpus.name();
  }
}
