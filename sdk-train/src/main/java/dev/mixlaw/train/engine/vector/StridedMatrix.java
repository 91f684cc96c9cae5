package dev.mixlaw.train.engine.vector;

/**
 * A row-major matrix in native memory, as an operand of a matrix product. It is mutable so that a
 * training step can reuse it instead of creating a new one.
 *
 * @param <P> type of pointers
 */
public final class StridedMatrix<P> {
  private final P values;
  private int stride;
  private boolean transposed;

  /** Creates a matrix whose stride must be set with {@link #with}. */
  public StridedMatrix(P values) {
    this.values = values;
  }

  /** Returns a new matrix with the given stride. */
  public static <P> StridedMatrix<P> of(P values, int stride) {
    return new StridedMatrix<>(values).with(stride);
  }

  /**
   * Sets the stride, and makes rows in memory the rows of the operand.
   *
   * @param newStride number of values between the beginnings of consecutive rows in memory
   * @return this matrix
   */
  public StridedMatrix<P> with(int newStride) {
    stride = newStride;
    transposed = false;
    return this;
  }

  /**
   * Makes rows in memory the columns of the operand.
   *
   * @return this matrix
   */
  public StridedMatrix<P> transpose() {
    transposed = true;
    return this;
  }

  /** Returns the pointer to the first value. */
  public P values() {
    return values;
  }

  /** Returns the number of values between the beginnings of consecutive rows in memory. */
  public int stride() {
    return stride;
  }

  /** Returns whether rows in memory are columns of the operand. */
  public boolean transposed() {
    return transposed;
  }
}
