package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.ForwardingDocumentStream;
import dev.mixlaw.mix.internal.TextFingerprint;

/** A corpus on its way through a generation: counts and hashes what is read of it. */
final class CountedSource {
  private final Corpus corpus;
  private final long most;
  private TextFingerprint fingerprint = new TextFingerprint();
  private long skipped;

  CountedSource(GenerationSettings job) {
    this.corpus = job.source();
    this.most = job.documents();
  }

  DocumentStream open() {
    fingerprint = new TextFingerprint();
    return new ForwardingDocumentStream(Corpora.open(corpus)) {
      @Override
      public boolean hasNext() {
        boolean more = fingerprint.documents() < most && super.hasNext();
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

  /** What the last reading read; once, at its end. */
  DataCard.Source facts() {
    return new DataCard.Source(
        corpus.name(), corpus.kind(), fingerprint.documents(), skipped, fingerprint.hex());
  }
}
