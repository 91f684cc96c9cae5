package dev.mixlaw.api.spi;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import java.nio.file.Path;

/** Makes tokens of a study's corpora and domains. */
public interface DataPreparer {
  /**
   * Trains or loads the tokenizer and tokenizes everything; what a directory already holds, whole
   * and of the same content, is not made again.
   *
   * @param directory the preparer's own, made if it is missing; other studies' text may be there
   * @throws dev.mixlaw.api.MixlawException with all problems of all corpora and domains at once
   */
  PreparedData prepare(Study study, Path directory, StudyListener listener);
}
