package dev.mixlaw.train.engine.llama.cpu;

/** An in-place softmax of the rows of a matrix. */
interface Softmax extends AutoCloseable {
  /** The score of a masked key, which is so low that the key's weight is 0. */
  float HIDDEN = -1e30f;

  /** Returns oneDNN's softmax if it is vectorized on this CPU, and otherwise plain Java. */
  static Softmax best() {
    return OneDnn.hasVectors() ? new OneDnnSoftmax() : new JavaSoftmax();
  }

  /** Replaces rows of {@code x}, from index {@code offset}, with {@code factor·softmax(row)}. */
  void forward(OffHeapFloats x, long offset, int rows, int columns, float factor);

  /** Computes the gradient with respect to the scores, {@code d = w ⊙ (d - w·d)}, for each row. */
  void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns);

  @Override
  void close();
}
