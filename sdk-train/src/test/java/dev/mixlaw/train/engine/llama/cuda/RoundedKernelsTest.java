package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Platform;

/** The card's kernels on bf16, run by a processor from the same source. */
class RoundedKernelsTest extends RoundedContract {
  @Override
  protected Platform platform(boolean bf16, boolean largeMemory) {
    return new FakeCudaPlatform(
        bf16, largeMemory ? FakeCudaPlatform.LARGE : FakeCudaPlatform.SMALL);
  }
}
