package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares whole sessions that use the GPU kernels, on a simulated GPU, with sessions that use the
 * CPU kernels.
 */
class CudaEngineTest {
  private static final ModelSpec MODEL =
      ModelSpec.of("several tiles and chunks", 64, 2, 2, 90).withContext(70).withKeyValueHeads(1);

  private static final Platform CPU = new CpuPlatform(Precision.FP32);

  @BeforeEach
  void needsACompilerAndOneDnn() {
    Platform cuda = cuda(true);
    assumeTrue(cuda.unavailable().isEmpty(), () -> cuda.unavailable().toString());
    assumeTrue(CPU.unavailable().isEmpty(), () -> CPU.unavailable().toString());
  }

  private static Platform cuda(boolean rounded) {
    return new FakeCudaPlatform(rounded, FakeCudaPlatform.LARGE);
  }

  private static SessionSpec spec(boolean tied) {
    return new SessionSpec(MODEL.withTiedHead(tied), 90, 3, Recipe.standard(), 11, 2);
  }

  private static int[] random(SessionSpec spec, long seed) {
    long ids = (long) spec.batchSequences() * (spec.model().context() + 1);
    return new Random(seed).ints(ids, 0, spec.vocabulary()).toArray();
  }

  @ParameterizedTest
  @CsvSource({"false, false, 1e-4, 1e-5", "true, true, 3e-2, 2e-3"})
  void lossAndGradientsAreThoseOfTheProcessor(
      boolean tied, boolean rounded, double gradients, double loss) {
    SessionSpec spec = spec(tied);
    Map<String, float[]> expected;
    Map<String, float[]> actual;
    double expectedLoss;
    double actualLoss;
    try (TrainingSession session = new LlamaEngine(CPU).open(spec)) {
      expected = session.gradients(random(spec, 5));
      expectedLoss = session.step(random(spec, 5), 1e-3).loss();
    }
    try (TrainingSession session = new LlamaEngine(cuda(rounded)).open(spec)) {
      actual = session.gradients(random(spec, 5));
      actualLoss = session.step(random(spec, 5), 1e-3).loss();
    }

    assertThat(actualLoss).isCloseTo(expectedLoss, within(loss));
    for (Map.Entry<String, float[]> e : expected.entrySet()) {
      float[] found = actual.get(e.getKey());
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < found.length; i++) {
        difference += Math.pow((double) found[i] - e.getValue()[i], 2);
        norm += Math.pow(e.getValue()[i], 2);
      }
      assertThat(Math.sqrt(difference / norm)).as(e.getKey()).isLessThan(gradients);
    }
  }

  /**
   * The learning rate differs between the steps, so a replayed CUDA graph must read the current
   * one.
   */
  @Test
  void stepsAreThoseOfTheProcessor() {
    SessionSpec spec = spec(true);
    int before = FakeCudaPlatform.played();
    try (TrainingSession expected = new LlamaEngine(CPU).open(spec);
        TrainingSession actual = new LlamaEngine(cuda(false)).open(spec)) {
      for (int i = 0; i < 4; i++) {
        int[] batch = random(spec, i);
        TrainingSession.StepResult should = expected.step(batch, 1e-3 * (i + 1));
        TrainingSession.StepResult is = actual.step(batch, 1e-3 * (i + 1));
        assertThat(is.loss()).as("loss of step %d", i).isCloseTo(should.loss(), within(2e-4));
        assertThat(is.gradientNorm())
            .as("norm of step %d", i)
            .isCloseTo(should.gradientNorm(), within(2e-3 * should.gradientNorm()));
      }
    }
    // Each step except the first replays at least one graph for the gradients and one for the
    // update.
    assertThat(FakeCudaPlatform.played() - before).isGreaterThanOrEqualTo(2 * 3);
  }

  @Test
  void aSavedSessionContinuesToTheSameBits(@TempDir Path directory) {
    SessionSpec spec = spec(true);
    double loss;
    try (TrainingSession session = new LlamaEngine(cuda(true)).open(spec)) {
      session.step(random(spec, 1), 1e-2);
      session.step(random(spec, 2), 1e-2);
      session.save(directory);
      session.step(random(spec, 3), 1e-2);
      loss = session.step(random(spec, 4), 1e-2).loss();
    }
    try (TrainingSession session = new LlamaEngine(cuda(true)).open(spec)) {
      session.load(directory);
      session.step(random(spec, 3), 1e-2);
      assertThat(session.step(random(spec, 4), 1e-2).loss()).isEqualTo(loss);
    }
  }

  @Test
  void lossesAndTextAreThoseOfTheProcessor() {
    SessionSpec spec = spec(false);
    int[] ids = random(spec, 9);
    float[] expected = new float[3 * 40];
    float[] actual = new float[3 * 40];
    List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {7});
    SamplingModel.Sampling greedy = new SamplingModel.Sampling(6, 0, 1, 3, -1);
    List<int[]> text;
    try (TrainingSession session = new LlamaEngine(CPU).open(spec)) {
      session.model().losses(ids, 3, 40, expected);
      text = ((SamplingModel) session.model()).sample(prompts, greedy);
    }
    try (TrainingSession session = new LlamaEngine(cuda(false)).open(spec)) {
      session.model().losses(ids, 3, 40, actual);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).as("token %d", i).isCloseTo(expected[i], within(1e-4f));
      }
      assertThat(((SamplingModel) session.model()).sample(prompts, greedy))
          .usingRecursiveComparison()
          .isEqualTo(text);
    }
  }
}
