package dev.mixlaw.train.engine.llama.cpu;

/** Softmax of rows where they lie. */
interface Softmax extends AutoCloseable {
  /** What hides a value from its row. */
  float HIDDEN = -1e30f;

  /** oneDNN's where it has written one for the processor, else loops. */
  static Softmax best() {
    return OneDnn.hasVectors() ? new OneDnnSoftmax() : new JavaSoftmax();
  }

  /**
   * Each row of {@code x} becomes {@code factor·softmax(row)}.
   *
   * @param offset of the first row
   */
  void forward(OffHeapFloats x, long offset, int rows, int columns, float factor);

  /** {@code d = w ⊙ (d - w·d)} by row: the gradient through a softmax {@code w}. */
  void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns);

  @Override
  void close();
}
