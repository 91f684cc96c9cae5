package consumer;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.Engines;

/** Trains one step by the engine that is chosen where nothing but mixlaw-train was asked for. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println(Engines.describe());
    TrainingEngine engine = Engines.auto();
    if (!engine.name().equals("native")) {
      throw new IllegalStateException("auto took " + engine.name());
    }
    ModelSpec model = ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16);
    try (TrainingSession session =
        engine.open(new SessionSpec(model, 64, 1, Recipe.standard(), 1, 1))) {
      int[] tokens = new int[17];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = i;
      }
      System.out.println(session.step(tokens, 1e-3));
    }
  }
}
