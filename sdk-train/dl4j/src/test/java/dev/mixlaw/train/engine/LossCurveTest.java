package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.dl4j.Dl4jEngine;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the engines have the same losses in 200 steps if they start with the same weights and
 * read the same text.
 */
class LossCurveTest {
  private static final int STEPS = 200;
  private static final int STRETCH = 10;

  private static final SessionSpec SMALL =
      spec(ModelSpec.of("small", 64, 2, 4, 176).withContext(48).withKeyValueHeads(2), 8);

  private static final SessionSpec LARGER =
      spec(ModelSpec.of("larger", 96, 3, 3, 256).withContext(96), 16);

  private static SessionSpec spec(ModelSpec model, int batch) {
    return new SessionSpec(model, RealText.VOCABULARY, batch, Recipe.standard(), 17, 2);
  }

  /**
   * Returns the losses of all steps. The learning rate has a linear warm-up and a linear decay to
   * 0.
   */
  private static double[] curve(TrainingEngine engine, SessionSpec spec, RealText text) {
    double[] losses = new double[STEPS];
    int context = spec.model().context();
    try (TrainingSession session = engine.open(spec)) {
      for (int i = 0; i < STEPS; i++) {
        double rate = 1e-3 * Math.min(1, (i + 1) / 20.0) * (STEPS - i) / STEPS;
        losses[i] = session.step(text.batch(spec.batchSequences(), context, i), rate).loss();
      }
    }
    return losses;
  }

  private static void compare(SessionSpec spec, RealText text, Precision... precisions) {
    double[] expected = curve(available(new Dl4jEngine()), spec, text);
    assertThat(expected[STEPS - 1]).as("it learns").isLessThan(0.7 * expected[0]);
    for (Precision precision : precisions) {
      double[] actual = curve(available(new LlamaEngine(new CpuPlatform(precision))), spec, text);
      for (int i = 0; i < STEPS; i++) {
        // The rounding of bf16 changes the loss of a single batch by up to one percent.
        assertThat(actual[i])
            .as("%s, step %d", precision, i)
            .isCloseTo(expected[i], withinPercentage(precision == Precision.FP32 ? 0.05 : 2));
      }
      for (int from = 0; from < STEPS; from += STRETCH) {
        assertThat(mean(actual, from))
            .as("%s, from step %d", precision, from)
            .isCloseTo(mean(expected, from), withinPercentage(0.5));
      }
    }
  }

  private static TrainingEngine available(TrainingEngine engine) {
    assumeTrue(engine.unavailable().isEmpty(), () -> engine.unavailable().toString());
    return engine;
  }

  private static double mean(double[] losses, int from) {
    return Arrays.stream(losses, from, from + STRETCH).average().orElseThrow();
  }

  @Test
  void aSmallModelsLossesAreThoseOfDl4j() throws IOException {
    compare(SMALL, RealText.small(), Precision.values());
  }

  @Tag("long")
  @Test
  void onALargeTextToo() throws IOException {
    compare(SMALL, RealText.corpus("wiki"), Precision.values());
  }

  /**
   * Compares only single precision. The loss of this model drops suddenly, at a step that depends
   * on rounding. Until both engines have reached the drop, the losses in bf16 differ by some
   * percent (see BENCHMARKS.md).
   */
  @Tag("long")
  @Test
  void aLargerModelsLossesAreThoseOfDl4j() throws IOException {
    compare(LARGER, RealText.corpus("wiki"), Precision.FP32);
  }
}
