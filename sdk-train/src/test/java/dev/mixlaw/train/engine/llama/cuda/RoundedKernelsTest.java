package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Platform;

/** Tests the GPU kernels in bf16 on a simulated GPU, which runs the same source. */
class RoundedKernelsTest extends RoundedContract {
  @Override
  protected Platform platform(boolean bf16, boolean largeMemory) {
    return new FakeCudaPlatform(
        bf16, largeMemory ? FakeCudaPlatform.LARGE : FakeCudaPlatform.SMALL);
  }
}
