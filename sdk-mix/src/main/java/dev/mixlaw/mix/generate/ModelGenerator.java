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
 * A text generator that continues prompts with a model in this process, such as a model that a
 * study trained. The answer does not repeat the prompt. An empty prompt starts a new document.
 *
 * <p>A text ends when the model generates its end-of-text token, when the maximum number of tokens
 * is reached, or when the context is full.
 *
 * <p>Threads should share a generator. Texts that several threads request are generated in one
 * batch, which is many times faster than generating them one after another. A text does not depend
 * on other texts in its batch. {@link Generation#concurrency} should be set to about the number of
 * texts that the model generates in one batch.
 */
public final class ModelGenerator implements TextGenerator {
  private final String name;
  private final BatchingGenerator batching;
  private final SamplingModel model;
  private final Tokenizer tokenizer;
  private final double topP;
  private final Map<String, String> parameters;

  /**
   * Creates a generator.
   *
   * @param name name of the generator, as recorded in generated corpora
   * @param fingerprint hash of the model's weights, which is a part of the keys of stored answers
   * @param model the model; it must not be used elsewhere at the same time
   * @param tokenizer the tokenizer of the model; the caller must close it
   * @param topP total probability of the most likely tokens, to which sampling is restricted; above
   *     0 and at most 1; 1 samples from all tokens
   * @throws IllegalArgumentException if {@code topP} is out of range
   */
  public ModelGenerator(
      String name, String fingerprint, SamplingModel model, Tokenizer tokenizer, double topP) {
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: " + topP + "; expected more than 0 and at most 1");
    }
    this.name = Objects.requireNonNull(name, "name");
    this.model = Objects.requireNonNull(model, "model");
    this.batching = new BatchingGenerator(model);
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

  /**
   * {@inheritDoc}
   *
   * @throws GeneratorException if the prompt fills the model's context
   */
  @Override
  public Written write(String prompt, Settings settings) {
    int[] ids = tokenizer.encode(prompt);
    int[] context = new int[ids.length + 1];
    context[0] = tokenizer.beginOfText();
    System.arraycopy(ids, 0, context, 1, ids.length);
    int room = model.context() - context.length;
    if (room < 1) {
      throw new GeneratorException(
          GeneratorException.Failure.PROMPT,
          "prompt: %s tokens; expected at most %s for a context of %s"
              .formatted(ids.length, model.context() - 2, model.context()));
    }
    int most = Math.min(room, settings.maxTokens());
    var sampling =
        new SamplingModel.Sampling(
            most, settings.temperature(), topP, settings.seed(), tokenizer.endOfText());
    int[] written = batching.write(context, sampling);
    return new Written(
        // A model may have more ids than its tokenizer, because its embedding is padded.
        tokenizer.decodeAfter(
            context, Arrays.stream(written).filter(id -> id < tokenizer.vocabulary()).toArray()),
        written.length >= most,
        OptionalLong.of(context.length),
        OptionalLong.of(written.length));
  }
}
