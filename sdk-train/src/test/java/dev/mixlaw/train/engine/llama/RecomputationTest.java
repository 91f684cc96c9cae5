package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.Cost;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;
import java.lang.reflect.Proxy;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the choice of which activations are recomputed affects memory and time, but no result.
 */
class RecomputationTest {
  /**
   * Sequences per batch. The simulated GPU, whose kernels are slow, splits them into two
   * micro-batches.
   */
  private static final int BATCH = 8;

  private static final ModelSpec MODEL =
      ModelSpec.of("several parts and blocks", 16, 4, 1, 20).withContext(20);

  private static final SessionSpec SPEC =
      new SessionSpec(MODEL, 30, BATCH, Recipe.standard(), 11, 2);

  static Stream<Platform> platforms() {
    return Stream.of(
        new CpuPlatform(Precision.FP32),
        new CpuPlatform(Precision.BF16),
        new FakeCudaPlatform(true, FakeCudaPlatform.LARGE));
  }

  private static int[] batch(SessionSpec spec, long seed) {
    int tokens = spec.batchSequences() * (spec.model().context() + 1);
    return new Random(seed).ints(tokens, 0, spec.vocabulary()).toArray();
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void resultsDoNotDependOnRecomputation(Platform platform) {
    assumeTrue(platform.unavailable().isEmpty(), () -> platform.unavailable().toString());
    float[] expected = trained(new LlamaEngine(platform, "everything"), SPEC);
    LlamaEngine auto = new LlamaEngine(platform, "auto");
    long all = auto.cost(SPEC).memoryBytes();
    for (String setting : List.of("products", "inputs")) {
      LlamaEngine engine = new LlamaEngine(platform, setting);

      assertThat(engine.cost(SPEC).memoryBytes()).as(setting).isLessThan(all);
      assertThat(Arrays.mismatch(trained(engine, SPEC), expected)).as(setting).isEqualTo(-1);
    }
    long least = new LlamaEngine(platform, "inputs").cost(SPEC).memoryBytes();
    SessionSpec between = SPEC.within((all + least) / 2);
    assertThat(auto.cost(between).note()).contains("of 4 blocks");
    assertThat(Arrays.mismatch(trained(auto, between), expected)).isEqualTo(-1);
  }

  /** A kernel call processes several short sequences, or some heads of a long sequence. */
  @ParameterizedTest
  @ValueSource(ints = {128, 384})
  void resultsDoNotDependOnKeptAttentionWeights(int context) {
    Platform platform = new CpuPlatform(Precision.BF16);
    assumeTrue(platform.unavailable().isEmpty(), () -> platform.unavailable().toString());
    ModelSpec model =
        ModelSpec.of("several tiles", 24, 2, 6, 20).withKeyValueHeads(3).withContext(context);
    SessionSpec spec = new SessionSpec(model, 30, 3, Recipe.standard(), 11, 1);

    float[] kept = trained(new LlamaEngine(platform, "everything"), spec);

    assertThat(trained(new LlamaEngine(platform, "products"), spec)).isEqualTo(kept);
  }

  /** Returns the loss and gradient norm of a step, followed by the gradients after it. */
  private static float[] trained(LlamaEngine engine, SessionSpec spec) {
    FloatBuffer seen = FloatBuffer.allocate(10_000);
    try (TrainingSession session = engine.open(spec)) {
      TrainingSession.StepResult step = session.step(batch(spec, 1), 1e-2);
      seen.put((float) step.loss()).put((float) step.gradientNorm());
      session.gradients(batch(spec, 2)).values().forEach(seen::put);
    }
    assertThat(seen.position())
        .as("all parameters")
        .isEqualTo(2 + (int) spec.model().parameters(30));
    return seen.array();
  }

  @Test
  void asManyActivationsAreStoredAsFit() {
    LlamaEngine engine = new LlamaEngine(new CpuPlatform(Precision.FP32), "auto");
    Cost all = engine.cost(SPEC);
    assertThat(all.note()).isEmpty();
    assertThat(engine.cost(SPEC.within(all.memoryBytes()))).isEqualTo(all);

    Cost products = engine.cost(SPEC.within(all.memoryBytes() - 1));
    assertThat(products.tokensPerSecond()).isEqualTo(all.tokensPerSecond());
    assertThat(products.note())
        .contains("norms, gated units and attention weights of model several parts and blocks")
        .contains(all.memoryBytes() + " bytes instead of " + products.memoryBytes())
        .endsWith((all.memoryBytes() - 1) + " bytes are available");

    Cost before = products;
    for (int again = 1; again < MODEL.layers(); again++) {
      Cost less = engine.cost(SPEC.within(before.memoryBytes() - 1));
      assertThat(less.memoryBytes()).isLessThan(before.memoryBytes());
      assertThat(less.tokensPerSecond()).isLessThan(before.tokensPerSecond());
      assertThat(less.note()).contains(again + " of 4 blocks");
      before = less;
    }
    assertThat(engine.cost(SPEC.within(1)))
        .as("the least there is")
        .isEqualTo(
            new Cost(
                before.memoryBytes(),
                before.tokensPerSecond(),
                engine.cost(SPEC.within(1)).note()));
  }

  /**
   * The plan is limited by the total memory of the device, and an opened session by the free
   * memory.
   */
  @Test
  void aSessionIsLimitedByTheMemoryOfTheDevice() {
    Platform cpu = new CpuPlatform(Precision.FP32);
    long all = new LlamaEngine(cpu, "auto").cost(SPEC).memoryBytes();
    long least = new LlamaEngine(cpu, "inputs").cost(SPEC).memoryBytes();
    Platform small = with(Platform.class, cpu, "memory", arguments -> all - 1);
    assertThat(new LlamaEngine(small, "auto").cost(SPEC).memoryBytes()).isLessThan(all);

    long[] reserved = new long[1];
    Function<Object[], Object> note =
        arguments -> {
          reserved[0] = (Long) arguments[0];
          return null;
        };
    Platform taken =
        with(
            Platform.class,
            cpu,
            "open",
            arguments -> {
              Device device = cpu.open(SPEC);
              device = with(Device.class, device, "free", none -> least);
              return with(Device.class, device, "reserve", note);
            });
    LlamaEngine engine = new LlamaEngine(taken, "auto");
    assertThat(engine.cost(SPEC).memoryBytes()).isEqualTo(all);
    engine.open(SPEC).close();
    assertThat(reserved[0]).isEqualTo(least);
  }

  /** Returns a copy of an object in which one method is replaced. */
  private static <T> T with(
      Class<T> type, T other, String name, Function<Object[], Object> instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getName().equals(name)
                    ? instead.apply(arguments)
                    : method.invoke(other, arguments)));
  }

  /**
   * The least memory costs another forward pass of all blocks but one, without the last product of
   * each block.
   */
  @Test
  void recomputationIsCountedInTheTime() {
    double head = 6.0 * 30 * MODEL.width();
    double forward = (MODEL.trainingFlopsPerToken(30) - head) / 3;
    double last = 2.0 * MODEL.feedForward() * MODEL.width();
    double expected = 3 * (forward / 4 - last) + MODEL.trainingFlopsPerToken(30);
    Cost all = new LlamaEngine(new CpuPlatform(Precision.FP32), "everything").cost(SPEC);
    Cost least = new LlamaEngine(new CpuPlatform(Precision.FP32), "inputs").cost(SPEC);

    assertThat(all.tokensPerSecond() / least.tokensPerSecond())
        .isCloseTo(expected / MODEL.trainingFlopsPerToken(30), within(1e-9));
    assertThat(least.note()).endsWith("mixlaw.native.keep is inputs");
  }

  @Test
  void aRuleThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> new LlamaEngine(new CpuPlatform(Precision.FP32), "some").open(SPEC))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("some")
        .hasMessageContaining("auto, everything, products, inputs")
        .hasMessageContaining(LlamaEngine.KEEP);
  }
}
