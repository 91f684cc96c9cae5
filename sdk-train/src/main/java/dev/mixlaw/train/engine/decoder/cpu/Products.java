package dev.mixlaw.train.engine.decoder.cpu;

import org.bytedeco.javacpp.FloatPointer;

/** Matrix products of one thread. */
interface Products extends AutoCloseable {
  /**
   * {@code to = a·b}, or {@code to += a·b}, all row-major with strides between rows.
   *
   * @param transposeA whether {@code a} is stored as {@code [inner, rows]}
   * @param transposeB whether {@code b} is stored as {@code [columns, inner]}
   */
  void multiply(
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
      int strideTo);

  @Override
  void close();
}
