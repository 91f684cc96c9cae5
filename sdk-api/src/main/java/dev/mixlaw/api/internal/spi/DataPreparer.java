package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextFacts;
import java.nio.file.Path;
import java.util.List;

/** Tokenizes the corpora and domains of a study, and measures the diversity of text. */
public interface DataPreparer {
  /**
   * Name of the directory for prepared text in a lab. The name begins with a dot, so it cannot be
   * the name of a study.
   */
  String DIRECTORY = ".text";

  /**
   * Trains or loads the tokenizer and tokenizes all text. Reuses complete results for the same text
   * in the directory.
   *
   * @param directory directory for the prepared text of all studies; created if it is missing
   * @throws dev.mixlaw.api.MixlawException if a corpus or domain has a problem; the exception lists
   *     all problems
   */
  PreparedData prepare(Study study, Path directory, StudyListener listener);

  /**
   * Returns a preparer that runs its work in stages with the given runner. The default
   * implementation, for preparers without stages, returns this preparer.
   */
  default DataPreparer withStages(StageRunner stages) {
    return this;
  }

  /**
   * Opens text that was prepared earlier. Does not need the documents.
   *
   * @param tokenizer the tokenizer with which the text was prepared; it is not trained
   * @param corpora training text, as described after the preparation
   * @param domains held-out text, as described after the preparation
   * @param directory directory with the prepared text
   * @throws dev.mixlaw.api.MixlawException if a file is missing or damaged, or if this preparer
   *     does not support this method, which is the default
   */
  default PreparedData open(
      TokenizerSpec tokenizer, List<TextFacts> corpora, List<TextFacts> domains, Path directory) {
    throw MixlawException.data(
        "preparer " + getClass().getName() + ": prepared text",
        "cannot be opened without its documents",
        "a preparer that can do so, such as the one in mixlaw-mix",
        "run the study with Lab.run instead");
  }

  /**
   * Measures the diversity of a text compared with a reference text. For example, generated text
   * can be compared with natural text. The samples drawn from both texts have the same number of
   * words. The order of the documents does not matter. The default implementation returns no
   * result.
   *
   * @param text the text to measure; each document is read once
   * @param reference natural text of the same kind; may be the measured text itself
   * @param words number of words in each sample, at least 1
   * @return the diversity, or the reason why it cannot be computed: either text has fewer than
   *     {@code words} words, or the measured text has too few documents for confidence intervals
   */
  default Answer<TextDiversity> diversity(
      DocumentSource text, DocumentSource reference, long words) {
    return Answer.refused(
        "diversity of a text",
        getClass().getName() + " does not measure diversity",
        "use the preparer in mixlaw-mix");
  }
}
