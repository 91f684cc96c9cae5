package dev.mixlaw.api.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;

/** Compares the words of a prepared study's mixtures with those of its domains. */
public interface WordComparer {
  /** What that takes, in a sentence for the plan. */
  String outlook();

  /**
   * Compares; what an earlier start of the study found is not looked for again.
   *
   * @return refused if a text has no words: a study goes on without
   */
  Answer<WordComparison> compare(StudyListener listener);
}
