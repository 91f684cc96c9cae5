package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The tokenizer of a study. A study has one, as losses in nats of different tokenizers cannot be
 * compared.
 */
public sealed interface TokenizerSpec {
  /** Default of {@link TrainedBpe#sampleBytes}. */
  long DEFAULT_SAMPLE_BYTES = 8_000_000;

  /**
   * Byte-level byte-pair encoding, trained on a sample with equal shares of all corpora of the
   * study.
   *
   * @param vocabulary number of tokens, 257 to 32768, the end-of-text token included
   * @param sampleBytes UTF-8 bytes of the sample, at least 1
   */
  record TrainedBpe(int vocabulary, long sampleBytes) implements TokenizerSpec {}

  /**
   * A tokenizer in Hugging Face's format.
   *
   * @param tokenizerJson file {@code tokenizer.json}
   */
  record HuggingFaceFile(Path tokenizerJson) implements TokenizerSpec {
    /** Checks that there is a file name. */
    public HuggingFaceFile {
      Objects.requireNonNull(tokenizerJson, "tokenizerJson");
    }
  }

  /**
   * An encoding of OpenAI's GPT models.
   *
   * @param encoding name such as {@code cl100k_base}
   */
  record GptEncoding(String encoding) implements TokenizerSpec {
    /** Checks that there is a name. */
    public GptEncoding {
      Objects.requireNonNull(encoding, "encoding");
    }
  }

  /**
   * Returns a tokenizer that is trained on {@value #DEFAULT_SAMPLE_BYTES} bytes of the corpora.
   *
   * @param vocabulary number of tokens, 257 to 32768
   */
  static TokenizerSpec trainedBpe(int vocabulary) {
    return new TrainedBpe(vocabulary, DEFAULT_SAMPLE_BYTES);
  }

  /** Returns the tokenizer in a Hugging Face {@code tokenizer.json}. */
  static TokenizerSpec huggingFace(Path tokenizerJson) {
    return new HuggingFaceFile(tokenizerJson);
  }

  /** Returns a GPT encoding, such as {@code cl100k_base}. */
  static TokenizerSpec gpt(String encoding) {
    return new GptEncoding(encoding);
  }
}
