package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import dev.mixlaw.train.engine.vector.StridedMatrix;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products in single precision with {@code dnnl_sgemm}. For the shapes of a small decoder it
 * is as fast as primitives with packed weights (BENCHMARKS.md), and it needs no extra memory.
 */
final class Fp32Products implements MatrixProducts {
  @Override
  public void linear(
      OffHeapFloats x, OffHeapFloats w, OffHeapFloats y, int rows, int in, int out, boolean add) {
    multiply(rows, out, in, 1, x.matrix(in), w.matrix(in).transpose(), y.matrix(out), add);
  }

  @Override
  public void linearInput(
      OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out) {
    multiply(rows, in, out, 1, dy.matrix(out), w.matrix(in), dx.matrix(in), false);
  }

  @Override
  public void linearWeight(
      OffHeapFloats dy, OffHeapFloats x, OffHeapFloats dw, int rows, int in, int out, boolean add) {
    multiply(out, in, rows, 1, dy.matrix(out).transpose(), x.matrix(in), dw.matrix(in), add);
  }

  /**
   * {@code to = scale·a·b}, or {@code to += scale·a·b}.
   *
   * @param a {@code [rows, inner]}
   * @param b {@code [inner, columns]}
   * @param to {@code [rows, columns]}, not transposed
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
    byte left = (byte) (a.transposed() ? 'T' : 'N');
    byte right = (byte) (b.transposed() ? 'T' : 'N');
    FloatPointer sums = to.values();
    float keep = add ? 1 : 0;
    int status =
        dnnl_sgemm(
            left,
            right,
            rows,
            columns,
            inner,
            scale,
            a.values(),
            a.stride(),
            b.values(),
            b.stride(),
            keep,
            sums,
            to.stride());
    if (status != dnnl_success) {
      throw new IllegalStateException(
          "oneDNN failed with status " + status + " in a matrix product");
    }
  }

  @Override
  public void close() {}
}
