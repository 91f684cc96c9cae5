package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.dl4j.Dl4jEngine;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cpu.NativeEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the engine dl4j with the engine native, which share no kernels. */
class Dl4jAgreesWithNativeTest {
  /**
   * Both engines read the weights from the same files, so the layout of the files is tested as
   * well.
   */
  @ParameterizedTest
  @CsvSource({"true, FP32, 1e-4, 1e-5", "false, FP32, 1e-4, 1e-5", "true, BF16, 3e-2, 2e-3"})
  void lossAndGradientsAreThoseOfDl4j(
      boolean tied, Precision precision, double gradients, double loss, @TempDir Path directory)
      throws IOException {
    TrainingEngine dl4j = new Dl4jEngine();
    assumeTrue(dl4j.unavailable().isEmpty(), () -> dl4j.unavailable().toString());
    SessionSpec spec =
        new SessionSpec(
            NativeEngineTest.MODEL.withTiedHead(tied), 9000, 7, Recipe.standard(), 11, 2);
    int[] batch = NativeEngineTest.random(spec, 5);
    Map<String, float[]> expected;
    double expectedLoss;
    try (TrainingSession session = dl4j.open(spec)) {
      session.step(NativeEngineTest.random(spec, 4), 1e-2);
      session.save(directory);
      expected = session.gradients(batch);
      expectedLoss = session.step(batch, 1e-3).loss();
    }
    SessionSpec otherSeed =
        new SessionSpec(spec.model(), spec.vocabulary(), 7, Recipe.standard(), 12, 3);
    Map<String, float[]> actual;
    double actualLoss;
    try (TrainingSession session = new LlamaEngine(new CpuPlatform(precision)).open(otherSeed)) {
      session.load(directory);
      actual = session.gradients(batch);
      actualLoss = session.step(batch, 1e-3).loss();
    }

    assertThat(actualLoss).isCloseTo(expectedLoss, within(loss));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, float[]> e : expected.entrySet()) {
      float[] found = actual.get(e.getKey());
      assertThat(distance(found, e.getValue())).as(e.getKey()).isLessThan(gradients);
    }
  }

  /** Returns the relative distance {@code ‖x - y‖ / ‖y‖}. */
  private static double distance(float[] x, float[] y) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < y.length; i++) {
      difference += Math.pow((double) x[i] - y[i], 2);
      norm += Math.pow(y[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void dl4jFindsLikeliestWhatNativeWrites(@TempDir Path directory) {
    TrainingEngine dl4j = new Dl4jEngine();
    assumeTrue(dl4j.unavailable().isEmpty(), () -> dl4j.unavailable().toString());
    List<int[]> prompts = WritingTest.prompts(20);
    List<int[]> likeliest;
    try (TrainingSession session = WritingTest.trained()) {
      likeliest =
          ((SamplingModel) session.model())
              .sample(prompts, new Sampling(5, 0, 1, 1, WritingTest.NEVER));
      session.save(directory);
    }
    try (LanguageModel opened = dl4j.openModel(directory, 1)) {
      for (int i = 0; i < prompts.size(); i++) {
        int[] text = prompts.get(i);
        for (int n = 0; n < 5; n++) {
          double[] p = WritingTest.next(opened, text);
          int first = 0;
          for (int v = 1; v < WritingTest.VOCABULARY; v++) {
            first = p[v] > p[first] ? v : first;
          }
          text = WritingTest.append(text, first);
        }
        assertThat(likeliest.get(i))
            .isEqualTo(Arrays.copyOfRange(text, prompts.get(i).length, text.length));
      }
    }
  }

  @Test
  void nativeIsPreferredToTheProcessorByDl4j() {
    assertThat(Engines.all())
        .extracting(TrainingEngine::name)
        .containsSubsequence("native", "dl4j");
    assertThat(Engines.describe()).contains("native: ", "dl4j: ");
    assumeTrue(Engines.byName("dl4j").device().startsWith("cpu"), "on a card");
    assumeTrue(new NativeEngine().unavailable().isEmpty(), "native cannot run here");
    assertThat(Engines.auto().name()).isEqualTo("native");
    assertThat(Engines.passedOver(Engines.auto()))
        .as("no card here")
        .singleElement()
        .satisfies(p -> assertThat(p.subject()).startsWith("engine cuda: "));
  }
}
