package dev.mixlaw.api.spi;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import java.nio.file.Path;

/** Tokenizes the corpora and domains of a study. */
public interface DataPreparer {
  /**
   * Trains or loads the tokenizer and tokenizes all text. Complete results that the directory holds
   * for the same text are used again.
   *
   * @param study whose corpora and domains are read
   * @param directory for prepared text of all studies; created if it is missing
   * @param listener receives the progress
   * @throws dev.mixlaw.api.MixlawException with all problems of all corpora and domains at once
   */
  PreparedData prepare(Study study, Path directory, StudyListener listener);
}
