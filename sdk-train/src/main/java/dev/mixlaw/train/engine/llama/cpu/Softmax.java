package dev.mixlaw.train.engine.llama.cpu;

/** Softmax of rows, in place. */
interface Softmax extends AutoCloseable {
  /** A score that results in a weight of 0. */
  float HIDDEN = -1e30f;

  /** Returns oneDNN's softmax if it is vectorized for the processor, otherwise Java loops. */
  static Softmax best() {
    return OneDnn.hasVectors() ? new OneDnnSoftmax() : new JavaSoftmax();
  }

  /**
   * Replaces each row of {@code x} with {@code factor·softmax(row)}.
   *
   * @param offset index of the first row's first value
   */
  void forward(OffHeapFloats x, long offset, int rows, int columns, float factor);

  /**
   * Computes {@code d = w ⊙ (d - w·d)} for each row, which is the gradient through a softmax {@code
   * w}.
   */
  void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns);

  @Override
  void close();
}
