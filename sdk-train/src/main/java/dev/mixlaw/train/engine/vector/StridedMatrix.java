package dev.mixlaw.train.engine.vector;

/**
 * A row-major matrix in native memory, as an operand of a matrix product.
 *
 * @param values pointer to the first value
 * @param stride number of values from the beginning of a row in memory to that of the next
 * @param transposed whether rows in memory are columns of the operand
 * @param <P> type of pointers
 */
public record StridedMatrix<P>(P values, int stride, boolean transposed) {
  /** Returns a matrix whose rows are rows in memory. */
  public static <P> StridedMatrix<P> of(P values, int stride) {
    return new StridedMatrix<>(values, stride, false);
  }

  /** Returns the transpose, in the same memory. */
  public StridedMatrix<P> transpose() {
    return new StridedMatrix<>(values, stride, !transposed);
  }
}
