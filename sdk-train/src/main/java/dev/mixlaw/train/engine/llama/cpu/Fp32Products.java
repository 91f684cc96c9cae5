package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import dev.mixlaw.train.engine.vector.StridedMatrix;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products in single precision with {@code dnnl_sgemm}. For the shapes of a small decoder,
 * this function is as fast as primitives with packed weights (see BENCHMARKS.md), and it needs no
 * additional memory.
 */
final class Fp32Products implements MatrixProducts {
  @Override
  public void linear(
      OffHeapFloats x, OffHeapFloats w, OffHeapFloats y, int rows, int in, int out, boolean add) {
    dense(rows, out, in, x, false, w, true, y, add);
  }

  @Override
  public void linearInput(
      OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out) {
    dense(rows, in, out, dy, false, w, false, dx, false);
  }

  @Override
  public void linearWeight(
      OffHeapFloats dy, OffHeapFloats x, OffHeapFloats dw, int rows, int in, int out, boolean add) {
    dense(out, in, rows, dy, true, x, false, dw, add);
  }

  /** Multiplies whole matrices. Threads may share the operands. */
  private static void dense(
      int rows,
      int columns,
      int inner,
      OffHeapFloats a,
      boolean transposeA,
      OffHeapFloats b,
      boolean transposeB,
      OffHeapFloats to,
      boolean add) {
    int strideA = transposeA ? rows : inner;
    int strideB = transposeB ? inner : columns;
    FloatPointer left = a.pointer();
    FloatPointer right = b.pointer();
    FloatPointer sums = to.pointer();
    multiply(
        rows,
        columns,
        inner,
        1,
        left,
        strideA,
        transposeA,
        right,
        strideB,
        transposeB,
        sums,
        columns,
        add);
  }

  /**
   * Computes {@code to = scale·a·b}, or {@code to += scale·a·b}. No other thread may use any of the
   * three buffers.
   *
   * @param a the left operand, of shape {@code [rows, inner]}
   * @param b the right operand, of shape {@code [inner, columns]}
   * @param to the result, of shape {@code [rows, columns]}; not transposed
   */
  static void multiply(
      int rows,
      int columns,
      int inner,
      float scale,
      StridedMatrix<FloatPointer> a,
      StridedMatrix<FloatPointer> b,
      StridedMatrix<FloatPointer> to,
      boolean add) {
    multiply(
        rows,
        columns,
        inner,
        scale,
        a.values(),
        a.stride(),
        a.transposed(),
        b.values(),
        b.stride(),
        b.transposed(),
        to.values(),
        to.stride(),
        add);
  }

  private static void multiply(
      int rows,
      int columns,
      int inner,
      float scale,
      FloatPointer a,
      int strideOfA,
      boolean transposedA,
      FloatPointer b,
      int strideOfB,
      boolean transposedB,
      FloatPointer to,
      int strideOfSums,
      boolean add) {
    byte left = (byte) (transposedA ? 'T' : 'N');
    byte right = (byte) (transposedB ? 'T' : 'N');
    float keep = add ? 1 : 0;
    int status =
        dnnl_sgemm(
            left,
            right,
            rows,
            columns,
            inner,
            scale,
            a,
            strideOfA,
            b,
            strideOfB,
            keep,
            to,
            strideOfSums);
    if (status != dnnl_success) {
      throw new IllegalStateException(
          "oneDNN failed with status " + status + " in a matrix product");
    }
  }

  @Override
  public void close() {}
}
