package dev.mixlaw.api.spi;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;

/** Reads the documents of corpora in files. */
public interface CorpusReader {
  /** Whether this reader reads such files. */
  boolean reads(Corpus.Files files);

  /**
   * Opens a corpus; malformed records are skipped and counted up to the corpus's limit.
   *
   * @throws dev.mixlaw.api.MixlawException here, or from the stream, naming file and line
   */
  DocumentStream open(Corpus corpus);
}
