package dev.mixlaw.api.spi;

import dev.mixlaw.api.Mixture;
import java.util.List;
import java.util.Optional;

/** A study's text as tokens. */
public interface PreparedData extends AutoCloseable {
  Tokenizer tokenizer();

  /** Training text, in the order of {@link dev.mixlaw.api.Study#corpora}. */
  List<TokenizedText> corpora();

  /** Held-out text, in the order described; directories in the order of file names. */
  List<TokenizedText> domains();

  /** Training sequences of {@code context} tokens (and one more to predict). */
  TokenSource source(Mixture mixture, int context, long seed);

  /** Compares words of mixtures and domains, to be shown beside losses; empty if not wanted. */
  default Optional<WordComparer> words() {
    return Optional.empty();
  }

  /** What a user should know, such as a domain of fewer than 20 documents. */
  List<String> warnings();

  @Override
  void close();
}
