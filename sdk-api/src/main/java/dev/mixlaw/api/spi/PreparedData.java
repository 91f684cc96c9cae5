package dev.mixlaw.api.spi;

import dev.mixlaw.api.Mixture;
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

  /** Returns a comparison of the words of mixtures and domains; empty by default. */
  default Optional<WordComparer> words() {
    return Optional.empty();
  }

  /** Returns warnings, for example about a domain of fewer than 20 documents. */
  List<String> warnings();

  /** Closes the files of the text. */
  @Override
  void close();
}
