package dev.mixlaw.mix.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens existing tokenizers and trains new ones. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * Opens a Hugging Face {@code tokenizer.json} or a GPT encoding. Byte-level byte-pair encodings
   * as in GPT-2, such as those of {@link #train}, require no library. Other files require {@code
   * ai.djl.huggingface:tokenizers}, and GPT encodings require {@code com.knuddels:jtokkit}.
   *
   * @param spec specification of a tokenizer that is not {@linkplain TokenizerSpec#isTrained
   *     trained}
   * @throws MixlawException (data) if the file cannot be read or has no end-of-text token, if the
   *     encoding is unknown, or if the library is missing
   * @throws java.util.NoSuchElementException if the tokenizer is to be trained
   */
  public static Tokenizer open(TokenizerSpec spec) {
    return spec.tokenizerJson()
        .map(Tokenizers::file)
        .orElseGet(() -> gpt(spec.encoding().orElseThrow()));
  }

  /**
   * Trains a byte-level byte-pair encoding (Sennrich et al. 2016; over bytes as in Radford et al.
   * 2019). The most frequent pair of adjacent tokens repeatedly becomes a new token. The result
   * does not depend on the order of the text.
   *
   * @param vocabulary number of tokens, at least 257 for all bytes and the end-of-text token; the
   *     result has fewer tokens if no further pair occurs twice
   * @param text passes the training text, piece by piece, to the consumer that it receives
   * @throws IllegalArgumentException if the vocabulary is too small
   */
  public static Tokenizer train(int vocabulary, Consumer<Consumer<String>> text) {
    BytePairTrainer trainer = new BytePairTrainer();
    text.accept(trainer::add);
    return trainer.train(vocabulary);
  }

  private static Tokenizer file(Path file) {
    JsonNode root = TokenizerJson.read(file);
    Optional<BytePairTokenizer> own = TokenizerJson.bytePair(root, file);
    return own.isPresent()
        ? own.get()
        : optional(
            "tokenizer " + file,
            "ai.djl.huggingface:tokenizers",
            () -> HuggingFaceTokenizer.open(root, file));
  }

  private static Tokenizer gpt(String encoding) {
    return optional(
        "tokenizer " + encoding, "com.knuddels:jtokkit", () -> GptTokenizer.open(encoding));
  }

  private static Tokenizer optional(String what, String artifact, Supplier<Tokenizer> opener) {
    try {
      return opener.get();
    } catch (NoClassDefFoundError e) {
      throw MixlawException.data(
          what,
          artifact + " is not on the class path",
          "the library that reads this tokenizer",
          "add a dependency on " + artifact,
          e);
    }
  }
}
