package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of device. A platform reports whether its devices can be used in this process, estimates
 * what sessions need, and opens devices.
 */
public interface Platform {
  /** Returns a description of the platform, such as {@code cpu (AVX-512, fp32)}. */
  String describe();

  /** Returns the number format of matrix products, such as {@code bf16}. Results depend on it. */
  String precisionName();

  /** Returns the system properties that a child JVM needs to create the same platform. */
  default Map<String, String> properties() {
    return Map.of();
  }

  /** Returns the reason why this platform cannot be used in this process, or empty if it can. */
  Optional<Problem> unavailable();

  /** Returns the memory of a device in bytes, or a large number if the size is unknown. */
  default long memory() {
    return Long.MAX_VALUE;
  }

  int lanes(SessionSpec spec);

  /**
   * Returns the number of bytes that the kernels of all lanes need for intermediate results.
   *
   * @param rows maximum number of tokens that a lane processes at once
   */
  long kernelBytes(SessionSpec spec, int rows, boolean trained);

  TileSizes tileSizes(SessionSpec spec);

  /**
   * Returns an estimate of the floating-point operations per second of one lane while all lanes of
   * the device are busy.
   *
   * @param flopsPerToken number of operations for training on one token, which indicates the size
   *     of the model's matrix products
   */
  double flopsPerLane(double flopsPerToken);

  /** Returns the maximum number of values in a tensor. */
  long largestTensor();

  /** Returns the settings on which the available memory depends, in addition to the model. */
  default String memorySettings() {
    return "-Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes";
  }

  /**
   * Opens a device.
   *
   * @throws OutOfMemoryError if too little memory is available; the message states how much is
   *     available
   */
  Device open(SessionSpec spec);
}
