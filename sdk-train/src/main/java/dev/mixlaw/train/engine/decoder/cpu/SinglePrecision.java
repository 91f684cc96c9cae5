package dev.mixlaw.train.engine.decoder.cpu;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Products in single precision by {@code dnnl_sgemm}: on the shapes of a small decoder as fast as
 * primitives with weights packed beforehand (BENCHMARKS.md), and nothing to keep.
 */
final class SinglePrecision implements Products {
  @Override
  public void multiply(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      boolean accumulate,
      FloatPointer to,
      int strideTo) {
    scaled(
        transposeA,
        transposeB,
        rows,
        columns,
        inner,
        1,
        a,
        strideA,
        b,
        strideB,
        accumulate,
        to,
        strideTo);
  }

  /** As {@link #multiply}, the product times {@code scale}. */
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
      throw new IllegalStateException("oneDNN gave status " + status + " for a product");
    }
  }

  @Override
  public void close() {}
}
