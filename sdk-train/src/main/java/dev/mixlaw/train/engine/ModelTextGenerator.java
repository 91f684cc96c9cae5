package dev.mixlaw.train.engine;

import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * Writes text with a model trained here. A prompt is the beginning of a text; of one that is longer
 * than half the context, its end is read.
 */
public final class ModelTextGenerator implements TextGenerator {
  private final String name;
  private final SamplingModel model;
  private final Tokenizer tokenizer;
  private final double topP;

  /**
   * @param model not to be used otherwise meanwhile
   * @param topP as {@link SamplingModel.Sampling#topP}
   */
  public ModelTextGenerator(String name, SamplingModel model, Tokenizer tokenizer, double topP) {
    this.name = name;
    this.model = model;
    this.tokenizer = tokenizer;
    this.topP = topP;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized String generate(String prompt, Settings settings) {
    int[] ids = tokenizer.encode(prompt);
    if (ids.length == 0) {
      ids = new int[] {tokenizer.endOfText()};
    }
    int most = Math.max(1, model.context() / 2);
    int[] read = Arrays.copyOfRange(ids, Math.max(0, ids.length - most), ids.length);
    SamplingModel.Sampling how =
        new SamplingModel.Sampling(
            settings.maxTokens(),
            settings.temperature(),
            topP,
            settings.seed(),
            tokenizer.endOfText());
    return tokenizer.decode(model.sample(List.of(read), how).get(0));
  }
}
