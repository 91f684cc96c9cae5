package dev.mixlaw.train.engine.vector;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A row-major matrix in native memory, as an operand of a matrix product.
 *
 * @param values pointer to the first value
 * @param stride number of values from the beginning of a row in memory to that of the next
 * @param transposed whether rows in memory are columns of the operand
 */
public record StridedMatrix(FloatPointer values, int stride, boolean transposed) {
  /** Returns a matrix whose rows are rows in memory. */
  public static StridedMatrix of(FloatPointer values, int stride) {
    return new StridedMatrix(values, stride, false);
  }

  /** Returns the transpose, in the same memory. */
  public StridedMatrix transpose() {
    return new StridedMatrix(values, stride, !transposed);
  }
}
