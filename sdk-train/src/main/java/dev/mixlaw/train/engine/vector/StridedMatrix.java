package dev.mixlaw.train.engine.vector;

/**
 * A row-major matrix in native memory, as an operand of a matrix product. It is mutable, so that it
 * can be used again and a training step creates none.
 *
 * @param <P> type of pointers
 */
public final class StridedMatrix<P> {
  private final P values;
  private int stride;
  private boolean transposed;

  /** Creates a matrix without a stride, which {@link #with} sets. */
  public StridedMatrix(P values) {
    this.values = values;
  }

  /** Returns a new matrix with a stride. */
  public static <P> StridedMatrix<P> of(P values, int stride) {
    return new StridedMatrix<>(values).with(stride);
  }

  /**
   * Sets the stride and that rows of the operand are rows in memory.
   *
   * @param newStride number of values from the beginning of a row in memory to that of the next
   * @return this matrix
   */
  public StridedMatrix<P> with(int newStride) {
    stride = newStride;
    transposed = false;
    return this;
  }

  /**
   * Makes rows in memory columns of the operand.
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

  /** Returns the number of values from the beginning of a row in memory to that of the next. */
  public int stride() {
    return stride;
  }

  /** Returns whether rows in memory are columns of the operand. */
  public boolean transposed() {
    return transposed;
  }
}
