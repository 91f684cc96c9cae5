package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.List;
import java.util.Optional;

/** The tokenized text of a study. */
public interface PreparedData extends AutoCloseable {
  /** Returns the tokenizer of all text. */
  Tokenizer tokenizer();

  /** Returns the training text, in the order of {@link dev.mixlaw.api.Study#corpora}. */
  List<TokenizedText> corpora();

  /** Returns the held-out text, in the order of the description, then of file names. */
  List<TokenizedText> domains();

  /**
   * Returns the training sequences of a mixture.
   *
   * @param mixture of corpora of this study
   * @param context tokens of a sequence, without the one that the last of them predicts
   * @param seed of the order
   */
  TokenSource source(Mixture mixture, int context, long seed);

  /**
   * Compares the words of the study's mixtures with those of its domains. The result of an earlier
   * start of the study is used again.
   *
   * @param listener receives the progress
   * @return empty, the default, if this is not supported; a refusal if a text has no words, and the
   *     study continues without a comparison
   */
  default Optional<Answer<WordComparison>> compareWords(StudyListener listener) {
    return Optional.empty();
  }

  /** Returns a sentence for the plan about the time that {@link #compareWords} takes. */
  default Optional<String> wordComparisonNote() {
    return Optional.empty();
  }

  /** Returns warnings, for example about a domain of fewer than 20 documents. */
  List<String> warnings();

  /** Closes the files of the text. */
  @Override
  void close();
}
