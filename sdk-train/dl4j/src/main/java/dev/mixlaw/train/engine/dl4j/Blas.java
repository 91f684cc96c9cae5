package dev.mixlaw.train.engine.dl4j;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/** Matrix products by OpenBLAS. */
final class Blas {
  private Blas() {}

  /** {@code to = scale·a·b}, or {@code to +=}, with strides between rows, all row-major. */
  static void gemm(
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
    cblas_sgemm(
        CblasRowMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
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
  }
}
