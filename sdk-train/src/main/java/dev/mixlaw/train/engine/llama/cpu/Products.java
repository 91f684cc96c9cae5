package dev.mixlaw.train.engine.llama.cpu;

/** Matrix products of one thread, as {@link dev.mixlaw.train.engine.llama.Kernels} names them. */
interface Products extends AutoCloseable {
  /** {@code y = x·wᵀ}, or {@code y += x·wᵀ}. */
  void linear(OffHeap x, OffHeap w, OffHeap y, int rows, int in, int out, boolean accumulate);

  /** {@code dx = dy·w}. */
  void linearInput(OffHeap dy, OffHeap w, OffHeap dx, int rows, int in, int out);

  /** {@code dw = dyᵀ·x}, or {@code dw += dyᵀ·x}. */
  void linearWeight(
      OffHeap dy, OffHeap x, OffHeap dw, int rows, int in, int out, boolean accumulate);

  @Override
  void close();
}
