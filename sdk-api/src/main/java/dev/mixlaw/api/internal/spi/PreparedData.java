package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tokenized text of a study. */
public interface PreparedData extends AutoCloseable {
  Tokenizer tokenizer();

  /** Returns the training text, in the order of {@link dev.mixlaw.api.Study#corpora}. */
  List<TokenizedText> corpora();

  /**
   * Returns the held-out texts in the order of the description. Domains from the same directory are
   * in the order of their file names.
   */
  List<TokenizedText> domains();

  /**
   * Returns the training sequences of a mixture.
   *
   * @param shares shares of corpora in this study, by the name of the corpus
   * @param context number of predicted tokens in a sequence, which has one more token in total
   * @param seed seed for the order of the sequences
   */
  TokenSource source(Map<String, Double> shares, int context, long seed);

  /**
   * Compares the words in the mixtures of the study with the words in its domains. Reuses the
   * result if the same texts were compared before.
   *
   * @return the comparison, or the reason why it cannot be computed; empty, the default, if
   *     comparing is not supported
   */
  default Optional<Answer<WordComparison>> compareWords(StudyListener listener) {
    return Optional.empty();
  }

  /** Returns a note for the plan about the duration of {@link #compareWords}. */
  default Optional<String> wordComparisonNote() {
    return Optional.empty();
  }

  /** Returns the estimated duration of {@link #compareWords}; zero by default. */
  default Duration wordComparisonTime() {
    return Duration.ZERO;
  }

  /** A serializable object that opens the same text in another JVM on this machine. */
  @FunctionalInterface
  interface Reopening extends Serializable {
    /** Opens the text. The caller must close it. */
    PreparedData open();
  }

  /**
   * Returns an object that opens the text in another JVM; empty, the default, if this is not
   * supported.
   */
  default Optional<Reopening> reopening() {
    return Optional.empty();
  }

  /** Returns warnings, for example about a domain with fewer than 20 documents. */
  List<String> warnings();

  @Override
  void close();
}
