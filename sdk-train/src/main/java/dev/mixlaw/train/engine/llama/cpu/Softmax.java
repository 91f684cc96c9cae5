package dev.mixlaw.train.engine.llama.cpu;

/** A softmax of the rows of a matrix. */
interface Softmax extends AutoCloseable {
  /** The score of a masked key, which is so low that the key's weight is 0. */
  float HIDDEN = -1e30f;

  /** Returns oneDNN's softmax if it is vectorized on this CPU, and otherwise plain Java. */
  static Softmax best() {
    return OneDnn.hasVectors() ? new OneDnnSoftmax() : new JavaSoftmax();
  }

  /**
   * Computes {@code factor·softmax(row)} for rows of {@code x}.
   *
   * @param offset index of the first row
   * @param to receives the results from index 0 on; may be {@code x} if {@code offset} is 0
   */
  void forward(OffHeapFloats x, long offset, OffHeapFloats to, int rows, int columns, float factor);

  /** Computes the gradient with respect to the scores, {@code d = w ⊙ (d - w·d)}, for each row. */
  void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns);

  @Override
  void close();
}
