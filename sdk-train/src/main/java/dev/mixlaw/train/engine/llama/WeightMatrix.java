package dev.mixlaw.train.engine.llama;

import org.jspecify.annotations.Nullable;

/**
 * A weight matrix of shape {@code [out, in]}, or the gradient of one.
 *
 * @param packed memory for {@link DeviceKernels#pack}, so that the result for a row does not depend
 *     on the other rows; null if rows may depend on each other in the last bit
 */
record WeightMatrix(Floats values, int in, int out, @Nullable Floats packed) {
  /** Computes {@code y = x·wᵀ}. */
  void multiply(DeviceKernels k, Floats x, Floats y, int rows) {
    if (packed == null) {
      k.linear(x, values, y, rows, in, out);
    } else {
      k.linearRows(x, values, packed, y, rows, in, out, false);
    }
  }

  /** Computes {@code y = residual + x·wᵀ}. With packed weights, the residual must be {@code y}. */
  void multiplyAndAdd(DeviceKernels k, Floats x, Floats residual, Floats y, int rows) {
    if (packed == null) {
      k.residualLinear(x, values, residual, y, rows, in, out);
    } else {
      k.linearRows(x, values, packed, y, rows, in, out, true);
    }
  }

  /** Computes {@code dx = dy·w}, the gradient of the input. */
  void inputGradient(DeviceKernels k, Floats dy, Floats dx, int rows) {
    k.linearInput(dy, values, dx, rows, in, out);
  }

  /** Sets this gradient to {@code dyᵀ·x}, or adds {@code dyᵀ·x} to it. */
  void gradient(DeviceKernels k, Floats dy, Floats x, int rows, boolean add) {
    k.linearWeight(dy, x, values, rows, in, out, add);
  }

  void pack(DeviceKernels k) {
    if (packed != null) {
      k.pack(values, packed, in, out);
    }
  }
}
