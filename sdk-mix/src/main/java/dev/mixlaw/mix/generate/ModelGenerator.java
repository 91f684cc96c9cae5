package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Goes on from prompts with a model in this process, such as one that was trained here; the prompt
 * is not repeated. An empty prompt begins a document.
 *
 * <p>A text ends where the model ends it, after the most tokens, or where the context is full.
 *
 * <p>Threads may share it, and should: what several of them ask for is written at once, by one of
 * them for all, which is many times as fast as in turn. A text does not depend on those beside it.
 * So a {@link Generation} is given about as many requests at a time as the model writes texts.
 */
public final class ModelGenerator implements TextGenerator {
  private final String name;
  private final BatchingGenerator pen;
  private final SamplingModel model;
  private final Tokenizer tokenizer;
  private final double topP;
  private final Map<String, String> parameters;

  /**
   * A generator.
   *
   * @param name as corpora name their generator
   * @param fingerprint of the model's weights: answers are remembered by it
   * @param model not to be used otherwise meanwhile
   * @param tokenizer that the model was trained with; stays the caller's to close
   * @param topP samples from the likeliest tokens of together this probability; 1 from all
   */
  public ModelGenerator(
      String name, String fingerprint, SamplingModel model, Tokenizer tokenizer, double topP) {
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: " + topP + "; expected above 0, to 1");
    }
    this.name = Objects.requireNonNull(name, "name");
    this.model = Objects.requireNonNull(model, "model");
    this.pen = new BatchingGenerator(model);
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.topP = topP;
    this.parameters =
        Map.of(
            "model",
            Objects.requireNonNull(fingerprint, "fingerprint"),
            "tokenizer",
            tokenizer.fingerprint(),
            "top_p",
            Double.toString(topP));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, String> parameters() {
    return parameters;
  }

  @Override
  public String generate(String prompt, Settings settings) {
    return write(prompt, settings).text();
  }

  /**
   * {@inheritDoc}
   *
   * @throws GeneratorException if the prompt leaves no room in the model's context
   */
  @Override
  public Written write(String prompt, Settings settings) {
    int[] ids = tokenizer.encode(prompt);
    int[] begun = new int[ids.length + 1];
    begun[0] = tokenizer.endOfText(); // what stands before every document in training
    System.arraycopy(ids, 0, begun, 1, ids.length);
    int room = model.context() - begun.length;
    if (room < 1) {
      throw new GeneratorException(
          GeneratorException.Failure.PROMPT,
          "a prompt of " + ids.length + " tokens, the context has " + model.context());
    }
    int most = Math.min(room, settings.maxTokens());
    var sampling =
        new SamplingModel.Sampling(
            most, settings.temperature(), topP, settings.seed(), tokenizer.endOfText());
    int[] written = pen.write(begun, sampling);
    return new Written(
        // A model may have more ids than its tokenizer: rows that fill its embedding up.
        tokenizer.decode(
            Arrays.stream(written).filter(id -> id < tokenizer.vocabulary()).toArray()),
        written.length >= most,
        OptionalLong.of(begun.length),
        OptionalLong.of(written.length));
  }
}
