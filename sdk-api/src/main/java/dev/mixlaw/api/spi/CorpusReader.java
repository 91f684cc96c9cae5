package dev.mixlaw.api.spi;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;

/** Reads the documents of corpora in files. */
public interface CorpusReader {
  /** Returns whether this reader supports files of the given format. */
  boolean reads(Corpus.Files files);

  /**
   * Opens a corpus. Malformed records are skipped and counted, up to the limit of the corpus.
   *
   * @throws dev.mixlaw.api.MixlawException if a file cannot be read or the limit is exceeded; the
   *     message states file and line. The returned stream throws this exception for the same
   *     reasons
   */
  DocumentStream open(Corpus corpus);
}
