package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GenerationMemoryTest {
  private static final ModelSpec MODEL = ModelSpec.of("large", 64, 2, 4, 172).withContext(128);
  private static final int VOCABULARY = 300;

  private final AtomicLong allocated = new AtomicLong();

  /**
   * Returns a device that reports a given amount of free memory and adds up the allocated bytes.
   */
  private Device with(long free, Device device) {
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("free")) {
                return free;
              }
              if (method.getName().startsWith("allocate")) {
                allocated.addAndGet(4 * ((Number) arguments[0]).longValue());
              }
              return method.invoke(device, arguments);
            });
  }

  @Test
  void textIsRefusedBeforeAnythingIsAllocatedForItUnlessItFits() {
    CpuPlatform cpu = new CpuPlatform(Precision.FP32);
    assumeTrue(cpu.unavailable().isEmpty());
    SessionSpec spec = new SessionSpec(MODEL, VOCABULARY, 2, Recipe.standard(), 1, 2);
    long needed = GenerationMemory.bytes(MODEL, VOCABULARY, cpu.tileSizes(spec), 2);
    for (boolean fits : new boolean[] {false, true}) {
      try (Device real = cpu.open(spec)) {
        Device device = with(fits ? needed : needed - 1, real);
        ModelMemory memory =
            new ModelMemory(
                spec, 2, Recomputation.forwardOnly(spec.model()), cpu.tileSizes(spec), device);
        SamplingModel model = new DecoderModel(spec, cpu.tileSizes(spec), device, memory);
        allocated.set(0);
        var how = new SamplingModel.Sampling(3, 1, 1, 1, -1);
        if (fits) {
          assertThat(model.sample(List.of(new int[] {1}), how).get(0)).hasSize(3);
          long heap = 2L * VOCABULARY * (32 + 1) * Float.BYTES;
          assertThat(allocated).hasValue(needed - heap);
        } else {
          assertThatThrownBy(() -> model.sample(List.of(new int[] {1}), how))
              .isInstanceOf(MixlawException.class)
              .hasMessageContaining("text generation with model large does not fit in memory")
              .hasMessageContaining(
                  needed + " bytes are needed, " + (needed - 1) + " bytes are free");
          assertThat(allocated).hasValue(0);
        }
      }
    }
  }
}
