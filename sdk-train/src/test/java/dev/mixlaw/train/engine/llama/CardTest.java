package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.llama.cuda.CudaPlatform;
import dev.mixlaw.train.engine.llama.cuda.RoundedContract;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;

/** Tests the kernels on the host's GPU; skipped without one. */
class CardTest {
  /** Returns the platform for a precision. The test of {@link CardCheck} replaces it. */
  static Function<String, Platform> platforms = CudaPlatform::new;

  @Nested
  class InSinglePrecision extends KernelContract {
    @Override
    Platform platform() {
      return platforms.apply("fp32");
    }

    @Override
    double precision() {
      return 2e-6;
    }
  }

  /** Matrix products in TF32, which rounds each factor to ten bits of mantissa. */
  @Nested
  class InTf32 extends KernelContract {
    @Override
    Platform platform() {
      return platforms.apply("tf32");
    }

    @Override
    double precision() {
      return 2e-3;
    }
  }

  @Nested
  class InBf16 extends RoundedContract {
    @Override
    protected Platform platform(boolean rounded, boolean largeMemory) {
      return platforms.apply(rounded ? "bf16" : "fp32");
    }
  }
}
