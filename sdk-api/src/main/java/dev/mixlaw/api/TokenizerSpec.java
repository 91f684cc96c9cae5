package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Which tokenizer a study uses. One study has one: losses in nats compare within a tokenizer only.
 */
public sealed interface TokenizerSpec {
  /**
   * Byte-level byte-pair encoding, trained on an equal-share sample of all corpora of the study.
   *
   * @param vocabulary 257 to 32768, the end-of-text token included
   * @param sampleBytes how much text it is trained on, all corpora together
   */
  record TrainedBpe(int vocabulary, long sampleBytes) implements TokenizerSpec {}

  /** A Hugging Face {@code tokenizer.json}. */
  record HuggingFaceFile(Path tokenizerJson) implements TokenizerSpec {
    public HuggingFaceFile {
      Objects.requireNonNull(tokenizerJson, "tokenizerJson");
    }
  }

  /** A GPT encoding such as {@code cl100k_base}. */
  record GptEncoding(String encoding) implements TokenizerSpec {
    public GptEncoding {
      Objects.requireNonNull(encoding, "encoding");
    }
  }

  /** Default of {@link TrainedBpe#sampleBytes}. */
  long DEFAULT_SAMPLE_BYTES = 8_000_000;

  static TokenizerSpec trainedBpe(int vocabulary) {
    return new TrainedBpe(vocabulary, DEFAULT_SAMPLE_BYTES);
  }

  static TokenizerSpec huggingFace(Path tokenizerJson) {
    return new HuggingFaceFile(tokenizerJson);
  }

  static TokenizerSpec gpt(String encoding) {
    return new GptEncoding(encoding);
  }
}
