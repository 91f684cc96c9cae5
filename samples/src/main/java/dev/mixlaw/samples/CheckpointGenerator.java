package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.mix.generate.ModelGenerator;
import dev.mixlaw.mix.token.Tokenizers;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.engine.weights.ModelWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text generator that uses a trained model: the {@code model} directory of a run or a Llama
 * checkpoint.
 */
final class CheckpointGenerator implements AutoCloseable {
  /** Number of texts that are generated concurrently. */
  static final int TEXTS = 64;

  private static final double TOP_P = 0.9;

  private final LanguageModel model;
  private final TextGenerator generator;

  private CheckpointGenerator(LanguageModel model, TextGenerator generator) {
    this.model = model;
    this.generator = generator;
  }

  /**
   * Opens a model.
   *
   * @param engineName name for {@link Engines#byName}
   * @param directory directory with {@code model.safetensors}, {@code config.json} and {@code
   *     tokenizer.json}
   */
  static CheckpointGenerator open(String engineName, Path directory) throws IOException {
    var tokenizer = Tokenizers.open(TokenizerSpec.huggingFace(directory.resolve("tokenizer.json")));
    TrainingEngine engine = Engines.byName(engineName);
    Optional<Problem> silent = Engines.cannotWrite(engine, "--engine");
    if (silent.isPresent()) {
      throw new MixlawException(MixlawException.Kind.ENGINE, silent.get());
    }
    LanguageModel model = engine.openModel(directory, Runtime.getRuntime().availableProcessors());
    try {
      String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
      String weights = ModelWeights.digest(directory);
      return new CheckpointGenerator(
          model, new ModelGenerator(name, weights, (SamplingModel) model, tokenizer, TOP_P));
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  TextGenerator generator() {
    return generator;
  }

  @Override
  public void close() {
    model.close();
  }
}
