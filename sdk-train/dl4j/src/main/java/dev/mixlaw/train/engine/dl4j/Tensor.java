package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.StridedMatrix;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A dense row-major ND4J array whose memory kernels can access directly. */
final class Tensor {
  private final INDArray array;
  private @Nullable FloatPointer pointer;
  private @Nullable FloatBuffer buffer;
  private @Nullable INDArray matrix;

  Tensor(INDArray array) {
    this.array = array;
  }

  INDArray array() {
    return array;
  }

  /** Returns the first values as a matrix. Caches the most recent matrix. */
  INDArray matrix(long rows, long columns) {
    if (array.rank() == 2 && array.size(0) == rows && array.size(1) == columns) {
      return array;
    }
    INDArray last = matrix;
    if (last == null || last.size(0) != rows || last.size(1) != columns) {
      INDArray flat = array.rank() == 1 ? array : array.reshape(array.length());
      last = flat.get(NDArrayIndex.interval(0, rows * columns)).reshape('c', rows, columns);
      matrix = last;
    }
    return last;
  }

  Tensor from(long offset) {
    if (offset == 0) {
      return this;
    }
    INDArray flat = array.rank() == 1 ? array : array.reshape(array.length());
    return new Tensor(flat.get(NDArrayIndex.interval(offset, array.length())));
  }

  /** Returns a pointer to the values. Supports only single precision on the CPU. */
  FloatPointer pointer() {
    if (pointer == null) {
      // addressPointer() includes the view's offset, but its capacity does not end with the view.
      pointer = new FloatPointer(array.data().addressPointer()).capacity(array.length());
    }
    return pointer;
  }

  /** Returns the values as a matrix whose rows have the given length, for {@link Blas}. */
  StridedMatrix<FloatPointer> strided(int width) {
    return StridedMatrix.of(pointer(), width);
  }

  /** Returns the values as a buffer. Supports only single precision on the CPU. */
  FloatBuffer buffer() {
    if (buffer == null) {
      buffer = pointer().asBuffer();
    }
    return buffer;
  }
}
