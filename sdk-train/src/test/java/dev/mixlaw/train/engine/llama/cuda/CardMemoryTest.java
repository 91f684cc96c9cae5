package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.ptr.LongByReference;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.Cost;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the planned GPU memory of a session. */
class CardMemoryTest {
  private static final long LARGE_CARD = 78L << 30;

  private static LlamaEngine on(long memory) {
    CudaHost host =
        new CudaHost(null, 0, "a card", 90, 132, FakeCudaPlatform.LARGE, memory, null, null);
    return new LlamaEngine(
        new CudaPlatform(
            "0",
            "bf16",
            () -> new CudaHost.Discovery(host, Optional.empty()),
            KernelCache::standard));
  }

  /**
   * Returns a session with a batch of half a million tokens, as is usual for models of this size.
   */
  private static SessionSpec study(String size, int context, int vocabulary, boolean tied) {
    ModelSpec model = ModelSpec.ladder(size).get(0).withContext(context).withTiedHead(tied);
    return new SessionSpec(model, vocabulary, (1 << 19) / context, Recipe.standard(), 1, 1);
  }

  /** Uses a small vocabulary and that of Llama 3, which has 128,256 tokens. */
  @ParameterizedTest
  @CsvSource({
    "1024, 50304, true",
    "4096, 50304, true",
    "8192, 50304, true",
    "1024, 128256, true",
    "4096, 128256, true",
    "4096, 128256, false",
    "8192, 128256, false"
  })
  void threeBillionParametersFitALargeCard(int context, int vocabulary, boolean tied) {
    SessionSpec spec = study("3B", context, vocabulary, tied);
    Cost cost = on(LARGE_CARD).cost(spec);

    assertThat(cost.memoryBytes()).isLessThan(LARGE_CARD);
    // The weights (4 bytes), their copy in bf16 (2), the gradients (4) and both moments (8).
    long least = 18 * spec.model().parameters(vocabulary);
    assertThat(cost.memoryBytes()).isGreaterThan(least);
    assertThat(on(least + (6L << 30)).cost(spec).memoryBytes())
        .as("with next to nothing kept")
        .isLessThan(least + (6L << 30));
  }

  /** The planned memory includes the buffers that the kernels allocate for themselves. */
  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void nothingIsAllocatedBeyondThePlan(int batch) {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    FakeCudaPlatform fake = new FakeCudaPlatform(true, FakeCudaPlatform.LARGE);
    CudaHost host = fake.host();
    LlamaEngine engine =
        new LlamaEngine(
            new CudaPlatform(
                "0", "bf16", () -> new CudaHost.Discovery(host, Optional.empty()), fake::cache));
    ModelSpec model = ModelSpec.of("m", 16, 2, 1, 20).withContext(20);
    int vocabulary = 30;
    SessionSpec spec = new SessionSpec(model, vocabulary, batch, Recipe.standard(), 1, 1);
    int[] ids = new Random(1).ints(batch * 21L, 0, vocabulary).toArray();
    FakeCudaPlatform.mend();
    long before = free(host);
    try (TrainingSession session = engine.open(spec)) {
      session.step(ids, 1e-3);
      session.model().losses(ids, batch, 20, new float[batch * 20]);

      assertThat(before - free(host))
          .isBetween(
              engine.cost(spec).memoryBytes(),
              engine.cost(spec).memoryBytes() + CardMemoryPool.MAX_OVERHEAD);
    }
  }

  private static long free(CudaHost host) {
    LongByReference free = new LongByReference();
    assertThat(host.driver().cuMemGetInfo_v2(free, new LongByReference())).isZero();
    return free.getValue();
  }
}
