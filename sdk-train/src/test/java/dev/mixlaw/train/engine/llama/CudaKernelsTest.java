package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;

/** The card's kernels in single precision, run by a processor from the same source. */
class CudaKernelsTest extends KernelContract {
  @Override
  Platform platform() {
    return new FakeCudaPlatform(false, FakeCudaPlatform.LARGE);
  }

  @Override
  double precision() {
    return 2e-6;
  }
}
