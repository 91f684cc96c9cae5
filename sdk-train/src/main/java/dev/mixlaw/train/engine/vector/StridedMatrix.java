package dev.mixlaw.train.engine.vector;

/**
 * A row-major matrix in native memory, as an operand of a matrix product. The class is mutable so
 * that training steps can reuse instances.
 *
 * @param <P> type of the pointer to the values
 */
public final class StridedMatrix<P> {
  private final P values;
  private int stride;
  private boolean transposed;

  public StridedMatrix(P values) {
    this.values = values;
  }

  public static <P> StridedMatrix<P> of(P values, int stride) {
    return new StridedMatrix<>(values).with(stride);
  }

  /** Sets the stride and undoes {@link #transpose}. */
  public StridedMatrix<P> with(int newStride) {
    stride = newStride;
    transposed = false;
    return this;
  }

  /** Makes the rows in memory the columns of the operand. */
  public StridedMatrix<P> transpose() {
    transposed = true;
    return this;
  }

  public P values() {
    return values;
  }

  /** Returns the number of values from the start of one row in memory to the start of the next. */
  public int stride() {
    return stride;
  }

  /** Returns whether the rows in memory are the columns of the operand. */
  public boolean transposed() {
    return transposed;
  }
}
