package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products in single precision by {@code dnnl_sgemm}. On the shapes of a small decoder it is
 * as fast as primitives with packed weights (BENCHMARKS.md), and it needs no memory.
 */
final class Fp32Products implements MatrixProducts {
  @Override
  public void linear(
      OffHeapFloats x,
      OffHeapFloats w,
      OffHeapFloats y,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    FloatPointer to = y.pointer();
    scaled(false, true, rows, out, in, 1, x.pointer(), in, w.pointer(), in, accumulate, to, out);
  }

  @Override
  public void linearInput(
      OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out) {
    FloatPointer to = dx.pointer();
    scaled(false, false, rows, in, out, 1, dy.pointer(), out, w.pointer(), in, false, to, in);
  }

  @Override
  public void linearWeight(
      OffHeapFloats dy,
      OffHeapFloats x,
      OffHeapFloats dw,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    FloatPointer to = dw.pointer();
    scaled(true, false, out, in, rows, 1, dy.pointer(), out, x.pointer(), in, accumulate, to, in);
  }

  /**
   * {@code to = scale·a·b}, or {@code to += scale·a·b}, all row-major with strides between rows.
   *
   * @param transposeA whether {@code a} is stored as {@code [inner, rows]}
   * @param transposeB whether {@code b} is stored as {@code [columns, inner]}
   */
  static void scaled(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      float scale,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      boolean accumulate,
      FloatPointer to,
      int strideTo) {
    int status =
        dnnl_sgemm(
            (byte) (transposeA ? 'T' : 'N'),
            (byte) (transposeB ? 'T' : 'N'),
            rows,
            columns,
            inner,
            scale,
            a,
            strideA,
            b,
            strideB,
            accumulate ? 1 : 0,
            to,
            strideTo);
    if (status != dnnl_success) {
      throw new IllegalStateException(
          "oneDNN failed with status " + status + " in a matrix product");
    }
  }

  @Override
  public void close() {}
}
