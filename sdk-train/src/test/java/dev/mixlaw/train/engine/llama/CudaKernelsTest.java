package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;

/** Tests the GPU kernels in single precision on a simulated GPU, which runs the same source. */
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
