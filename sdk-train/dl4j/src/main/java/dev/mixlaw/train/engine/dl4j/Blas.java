package dev.mixlaw.train.engine.dl4j;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import dev.mixlaw.train.engine.vector.StridedMatrix;
import org.bytedeco.javacpp.FloatPointer;

final class Blas {
  private Blas() {}

  /**
   * Computes {@code to = scale·a·b}, or {@code to += scale·a·b}.
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
    cblas_sgemm(
        CblasRowMajor,
        a.transposed() ? CblasTrans : CblasNoTrans,
        b.transposed() ? CblasTrans : CblasNoTrans,
        rows,
        columns,
        inner,
        scale,
        a.values(),
        a.stride(),
        b.values(),
        b.stride(),
        add ? 1 : 0,
        to.values(),
        to.stride());
  }
}
