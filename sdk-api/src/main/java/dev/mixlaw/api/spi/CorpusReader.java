package dev.mixlaw.api.spi;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;

/** Reads the documents of corpora that are stored in files. */
public interface CorpusReader {
  /** Returns whether this reader supports the format of the given files. */
  boolean reads(Corpus.Files files);

  /**
   * Opens a corpus. The returned stream skips and counts malformed records, up to the limit of the
   * corpus.
   *
   * @throws dev.mixlaw.api.MixlawException if a file cannot be read or if more records than the
   *     limit are malformed; the message states file and line. The stream throws this exception for
   *     the same reasons
   */
  DocumentStream open(Corpus corpus);
}
