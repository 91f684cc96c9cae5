package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.StepProfile;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionProfileTest {
  private static final int VOCABULARY = 300;
  private static final ModelSpec MODEL =
      ModelSpec.of("profiled", 32, 2, 4, 48).withContext(24).withTiedHead(false);

  @Test
  void aStepsProductsAreTheFlopsOfTheModel() {
    // 6 a weight but for embedding and norms, and causal attention (Kaplan et al. 2020).
    int tokens = 5 * MODEL.context();
    long weights =
        MODEL.parameters(VOCABULARY)
            - (long) VOCABULARY * MODEL.width()
            - (2L * MODEL.layers() + 1) * MODEL.width();
    double expected =
        6.0 * weights * tokens + 6.0 * MODEL.layers() * MODEL.context() * MODEL.width() * tokens;

    double flops =
        ProductShape.ofStep(MODEL, VOCABULARY, List.of(2, 2, 1), 17).stream()
            .mapToDouble(s -> 2.0 * s.rows() * s.inner() * s.columns() * s.times())
            .sum();

    assertThat(flops).isCloseTo(expected, within(1e-9 * expected));
  }

  @Test
  void timeIsFoundInKernelsAndAddsUp() {
    SessionSpec spec = new SessionSpec(MODEL, VOCABULARY, 5, Recipe.standard(), 1, 2);
    int[] batch = new Random(1).ints(5L * (MODEL.context() + 1), 0, VOCABULARY).toArray();
    try (TrainingSession session = new LlamaEngine(new CpuPlatform()).open(spec)) {
      StepProfile profile = session.profile().orElseThrow();
      long start = System.nanoTime();

      Map<String, Double> seconds =
          profile.secondsByKernel(
              () -> {
                for (int i = 0; i < 200; i++) {
                  session.step(batch, 1e-3);
                }
              });

      double all = (System.nanoTime() - start) / 1e9;
      List<String> kernels =
          Stream.concat(
                  Arrays.stream(DeviceKernels.class.getMethods()).map(m -> m.getName()),
                  Stream.of("waiting", "between kernels"))
              .toList();
      assertThat(kernels).containsAll(seconds.keySet());
      assertThat(seconds.values().stream().mapToDouble(s -> s).sum()).isBetween(1e-9, all);
      assertThat(profile.secondsOfProducts()).isPositive().isLessThan(all);
      assertThat(profile.productFormat()).isIn("fp32", "bf16");
    }
  }
}
