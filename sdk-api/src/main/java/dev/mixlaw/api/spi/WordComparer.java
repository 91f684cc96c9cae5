package dev.mixlaw.api.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;

/** Compares the words of the mixtures of a study with those of its domains. */
public interface WordComparer {
  /** Returns a sentence for the plan about the time that it takes. */
  String outlook();

  /**
   * Returns the comparison. The result of an earlier start of the study is used again.
   *
   * @param listener receives the progress
   * @return a refusal if a text has no words; the study continues without a comparison
   */
  Answer<WordComparison> compare(StudyListener listener);
}
