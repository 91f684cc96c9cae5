package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.ForwardingDocumentStream;
import dev.mixlaw.mix.internal.TextFingerprint;

/** The source corpus of a generation, which counts and hashes the documents that are read. */
final class CountedSource {
  private final Corpus corpus;
  private final long maxDocuments;
  private TextFingerprint fingerprint = new TextFingerprint();
  private long skipped;

  CountedSource(GenerationSettings settings) {
    this.corpus = settings.source;
    this.maxDocuments = settings.documents;
  }

  /** Opens the corpus and resets the counts. */
  DocumentStream open() {
    fingerprint = new TextFingerprint();
    return new ForwardingDocumentStream(Corpora.open(corpus)) {
      @Override
      public boolean hasNext() {
        boolean more = fingerprint.documents() < maxDocuments && super.hasNext();
        skipped = skipped();
        return more;
      }

      @Override
      public Document next() {
        Document document = super.next();
        fingerprint.add(document);
        return document;
      }
    };
  }

  /**
   * Describes the documents read since the corpus was opened. Call this method once, at the end.
   */
  DataCard.Source facts() {
    return new DataCard.Source(
        corpus.name(), corpus.kind(), fingerprint.documents(), skipped, fingerprint.hex());
  }
}
