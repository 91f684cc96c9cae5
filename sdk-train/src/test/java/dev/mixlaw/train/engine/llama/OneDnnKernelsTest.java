package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import org.junit.jupiter.api.Nested;

class OneDnnKernelsTest {
  @Nested
  class InSinglePrecision extends KernelContract {
    @Override
    Platform platform() {
      return new CpuPlatform(Precision.FP32);
    }

    @Override
    double precision() {
      return 2e-6;
    }
  }

  /** Matrix products in bf16, which rounds each factor to eight bits of mantissa. */
  @Nested
  class InBf16 extends KernelContract {
    @Override
    Platform platform() {
      return new CpuPlatform(Precision.BF16);
    }

    @Override
    double precision() {
      return 6e-3;
    }
  }
}
