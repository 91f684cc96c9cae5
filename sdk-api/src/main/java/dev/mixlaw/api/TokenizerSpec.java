package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The tokenizer of a study. It is trained on the study's corpora, stored in a file, or an encoding
 * of OpenAI's GPT models. A study has one tokenizer, because losses in nats per token cannot be
 * compared across tokenizers.
 *
 * @param vocabulary number of tokens to train, 257 to 32768, including the end-of-text token; 0
 *     unless the tokenizer is trained or was trained by a lab
 * @param sampleBytes size of the training sample in bytes of UTF-8 text, at least 1; 0 unless the
 *     tokenizer is trained
 * @param tokenizerJson a {@code tokenizer.json} file in the Hugging Face format; empty unless the
 *     tokenizer is in a file
 * @param encoding name of an encoding, such as {@code cl100k_base}; empty unless the tokenizer is
 *     an encoding of GPT models
 */
public record TokenizerSpec(
    int vocabulary, long sampleBytes, Optional<Path> tokenizerJson, Optional<String> encoding) {
  /** Default of {@link #sampleBytes}. */
  public static final long DEFAULT_SAMPLE_BYTES = 8_000_000;

  /** Checks that nothing is null. */
  public TokenizerSpec {
    Objects.requireNonNull(tokenizerJson, "tokenizerJson");
    Objects.requireNonNull(encoding, "encoding");
  }

  /**
   * Returns a byte-level byte-pair encoding that is trained on {@value #DEFAULT_SAMPLE_BYTES} bytes
   * of the corpora.
   *
   * @param vocabulary number of tokens, 257 to 32768
   */
  public static TokenizerSpec trainedBpe(int vocabulary) {
    return trainedBpe(vocabulary, DEFAULT_SAMPLE_BYTES);
  }

  /**
   * Returns a byte-level byte-pair encoding that is trained on a sample with equal shares of all
   * corpora of the study.
   *
   * @param vocabulary number of tokens, 257 to 32768, including the end-of-text token
   * @param sampleBytes size of the sample in bytes of UTF-8 text, at least 1
   */
  public static TokenizerSpec trainedBpe(int vocabulary, long sampleBytes) {
    return new TokenizerSpec(vocabulary, sampleBytes, Optional.empty(), Optional.empty());
  }

  /** Returns the tokenizer that is stored in a Hugging Face {@code tokenizer.json} file. */
  public static TokenizerSpec huggingFace(Path tokenizerJson) {
    return new TokenizerSpec(0, 0, Optional.of(tokenizerJson), Optional.empty());
  }

  /** Returns a GPT encoding, such as {@code cl100k_base}. */
  public static TokenizerSpec gpt(String encoding) {
    return new TokenizerSpec(0, 0, Optional.empty(), Optional.of(encoding));
  }

  /** Returns whether the tokenizer is trained on the corpora of the study. */
  public boolean isTrained() {
    return tokenizerJson.isEmpty() && encoding.isEmpty();
  }
}
