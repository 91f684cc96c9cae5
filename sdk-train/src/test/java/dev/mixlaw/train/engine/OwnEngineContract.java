package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.testkit.EngineContract;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that Mixlaw's own engines must pass in addition to those of {@link EngineContract}. */
public abstract class OwnEngineContract extends EngineContract {
  /** Returns a specification of a session with a vocabulary of 37 tokens. */
  protected static SessionSpec spec(ModelSpec model, int batch, int threads) {
    return new SessionSpec(model, 37, batch, Recipe.standard(), 7, threads);
  }

  @Test
  void initialWeightsDependOnTheSeedAlone(@TempDir Path directory) {
    ModelSpec model = ModelSpec.of("m", 24, 2, 4, 20).withContext(9).withTiedHead(false);
    try (TrainingSession session = engine().open(spec(model, 3, 2))) {
      session.save(directory);
    }
    new Checkpoint(model, 37)
        .load(
            directory,
            (t, values) ->
                assertThat(values).as(t.name()).containsExactly(InitialWeights.of(t, 2, 7)),
            (t, values) -> assertThat(values).containsOnly(0f).hasSize((int) t.length()),
            (t, values) -> assertThat(values).containsOnly(0f).hasSize((int) t.length()));
  }

  /**
   * A session computes a batch in micro-batches, so only the losses need memory for the whole
   * batch.
   */
  @Test
  void memoryDoesNotGrowWithTheBatch() {
    ModelSpec model = ModelSpec.of("parts", 128, 4, 4, 352).withContext(256);
    long small = engine().cost(spec(model, 8, 2)).memoryBytes();
    long large = engine().cost(spec(model, 800, 2)).memoryBytes();

    assertThat(large - small).isLessThanOrEqualTo(Float.BYTES * 800L * 256);
  }

  /** Training, in contrast, needs memory for the weights, the gradients and AdamW's two moments. */
  @Test
  void anOpenedModelTakesLittleMoreThanItsWeights() {
    ModelSpec shape = ModelSpec.of("mostly weights", 512, 8, 8, 1376).withContext(64);
    long weights = 4 * shape.parameters(8000);

    assertThat(engine().modelCost(shape, 8000, 2).memoryBytes()).isBetween(weights, 2 * weights);
    SessionSpec training = new SessionSpec(shape, 8000, 4, Recipe.standard(), 1, 2);
    assertThat(engine().cost(training).memoryBytes()).isGreaterThan(4 * weights);
  }

  @Test
  void messagesNameTheMissingAndTheDamagedFile(@TempDir Path directory) throws Exception {
    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .hasMessageContaining(directory + " is incomplete")
        .hasMessageContaining("config.json");
    ModelSpec model = ModelSpec.of("m", 24, 2, 4, 20).withContext(9);
    try (TrainingSession session = engine().open(spec(model, 3, 2))) {
      session.save(directory);
    }
    Files.write(directory.resolve("model.safetensors"), new byte[10]);

    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .hasMessageContaining(directory + " cannot be read");
  }
}
