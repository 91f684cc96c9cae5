package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The tokenizer of a study. The tokenizer is trained on the corpora of the study, or is read from a
 * file, or is an encoding of OpenAI's GPT models. A study has only one tokenizer, because losses in
 * nats per token cannot be compared across tokenizers.
 *
 * @param vocabulary number of tokens including the end-of-text token, from 257 to 32768; 0 unless
 *     the tokenizer is trained or was trained by a lab
 * @param sampleBytes size of the training sample in bytes of UTF-8 text, at least 1, or 0 if the
 *     tokenizer is not trained
 * @param tokenizerJson a {@code tokenizer.json} file in the Hugging Face format; empty unless the
 *     tokenizer is read from a file
 * @param encoding name of a GPT encoding, such as {@code cl100k_base}; empty unless such an
 *     encoding is used
 */
public record TokenizerSpec(
    int vocabulary, long sampleBytes, Optional<Path> tokenizerJson, Optional<String> encoding) {
  /** Default of {@link #sampleBytes}. */
  public static final long DEFAULT_SAMPLE_BYTES = 8_000_000;

  /** Checks that no component is null. */
  public TokenizerSpec {
    Objects.requireNonNull(tokenizerJson, "tokenizerJson");
    Objects.requireNonNull(encoding, "encoding");
  }

  /**
   * Returns a byte-level BPE tokenizer that is trained on {@value #DEFAULT_SAMPLE_BYTES} bytes of
   * the corpora.
   *
   * @param vocabulary number of tokens including the end-of-text token, from 257 to 32768
   */
  public static TokenizerSpec trainedBpe(int vocabulary) {
    return trainedBpe(vocabulary, DEFAULT_SAMPLE_BYTES);
  }

  /**
   * Returns a byte-level BPE tokenizer that is trained on a sample, to which all corpora of the
   * study contribute equally.
   *
   * @param vocabulary number of tokens including the end-of-text token, from 257 to 32768
   * @param sampleBytes size of the sample in bytes of UTF-8 text, at least 1
   */
  public static TokenizerSpec trainedBpe(int vocabulary, long sampleBytes) {
    return new TokenizerSpec(vocabulary, sampleBytes, Optional.empty(), Optional.empty());
  }

  /**
   * Returns a tokenizer that is read from a {@code tokenizer.json} file in the Hugging Face format.
   */
  public static TokenizerSpec huggingFace(Path tokenizerJson) {
    return new TokenizerSpec(0, 0, Optional.of(tokenizerJson), Optional.empty());
  }

  /** Returns the tokenizer of a GPT encoding, such as {@code cl100k_base}. */
  public static TokenizerSpec gpt(String encoding) {
    return new TokenizerSpec(0, 0, Optional.empty(), Optional.of(encoding));
  }

  /** Returns whether the tokenizer is trained on the corpora of the study. */
  public boolean isTrained() {
    return tokenizerJson.isEmpty() && encoding.isEmpty();
  }
}
