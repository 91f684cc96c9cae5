package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** The tokenized text of a study. */
public interface PreparedData extends AutoCloseable {
  /** Returns the tokenizer with which all text was tokenized. */
  Tokenizer tokenizer();

  /** Returns the training text, in the order of {@link dev.mixlaw.api.Study#corpora}. */
  List<TokenizedText> corpora();

  /**
   * Returns the held-out text, in the order of the description and, within a directory, of file
   * names.
   */
  List<TokenizedText> domains();

  /**
   * Returns the training sequences of a mixture.
   *
   * @param mixture mixture of corpora in this study
   * @param context number of tokens predicted per sequence; a sequence has one more token
   * @param seed seed for the order of the sequences
   */
  TokenSource source(Mixture mixture, int context, long seed);

  /**
   * Compares the words in the study's mixtures with the words in its domains. A result from an
   * earlier start of the study is reused.
   *
   * @param listener receives the progress
   * @return the comparison; empty, the default, if comparing is not supported; a refusal if a text
   *     has no words, after which the study continues without a comparison
   */
  default Optional<Answer<WordComparison>> compareWords(StudyListener listener) {
    return Optional.empty();
  }

  /** Returns a sentence for the plan that states how long {@link #compareWords} takes. */
  default Optional<String> wordComparisonNote() {
    return Optional.empty();
  }

  /**
   * Opens the same text in another JVM on this machine, to which Java serialization passes this
   * object.
   */
  @FunctionalInterface
  interface Reopening extends Serializable {
    /** Opens the text, which {@link PreparedData#close} closes again. */
    PreparedData open();
  }

  /**
   * Returns a way to open the text in another JVM; empty, the default, if that is not supported.
   */
  default Optional<Reopening> reopening() {
    return Optional.empty();
  }

  /** Returns warnings, for example about a domain with fewer than 20 documents. */
  List<String> warnings();

  /** Closes the files of the text. */
  @Override
  void close();
}
