package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.vector.VectorMath;

/** A softmax in plain Java, which copies blocks of rows to the heap. */
final class JavaSoftmax implements Softmax {
  private static final int BLOCK = 16 * 1024;

  private float[] a = new float[BLOCK];
  private float[] b = new float[BLOCK];

  private int blockRows(int columns) {
    if (columns > a.length) {
      a = new float[columns];
      b = new float[columns];
    }
    return Math.max(1, BLOCK / columns);
  }

  @Override
  public void forward(
      OffHeapFloats x, long offset, OffHeapFloats to, int rows, int columns, float factor) {
    int block = blockRows(columns);
    int base = Math.toIntExact(offset);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      int from = base + row * columns;
      x.buffer().get(from, a, 0, n * columns);
      // One long loop is several times faster than many short loops.
      VectorMath.exp(a, 0, n * columns);
      for (int i = 0; i < n; i++) {
        int at = i * columns;
        double sum = VectorMath.sumOfExponentials(a, at, columns, x.buffer(), from + at);
        VectorMath.scale(a, at, (float) (factor / sum), columns);
      }
      to.buffer().put(row * columns, a, 0, n * columns);
    }
  }

  @Override
  public void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns) {
    int block = blockRows(columns);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      int from = row * columns;
      w.buffer().get(from, a, 0, n * columns);
      d.buffer().get(from, b, 0, n * columns);
      for (int at = 0; at < n * columns; at += columns) {
        float dot = VectorMath.dot(a, at, b, at, columns);
        VectorMath.softmaxBackward(b, at, a, at, dot, columns);
      }
      d.buffer().put(from, b, 0, n * columns);
    }
  }

  @Override
  public void close() {}
}
