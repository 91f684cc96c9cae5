package dev.mixlaw.train.engine.llama.cpu;

/** The matrix products of one thread. */
interface MatrixProducts extends AutoCloseable {
  void linear(
      OffHeapFloats x, OffHeapFloats w, OffHeapFloats y, int rows, int in, int out, boolean add);

  void linearInput(OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out);

  void linearWeight(
      OffHeapFloats dy, OffHeapFloats x, OffHeapFloats dw, int rows, int in, int out, boolean add);

  @Override
  void close();
}
