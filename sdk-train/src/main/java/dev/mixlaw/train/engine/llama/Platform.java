package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of device. A platform reports whether its devices can be used here and what sessions need,
 * and it opens devices.
 */
public interface Platform {
  /** Returns a description of the platform, such as {@code cpu (AVX-512, fp32)}. */
  String describe();

  /** Returns the number format of matrix products, such as {@code bf16}, which affects results. */
  String precisionName();

  /** Returns the system properties with which another JVM creates the same platform. */
  default Map<String, String> properties() {
    return Map.of();
  }

  /** Returns the reason why this platform cannot be used here, or empty if it can. */
  Optional<Problem> unavailable();

  /** Returns the memory of a device in bytes, if known. */
  default long memory() {
    return Long.MAX_VALUE;
  }

  /** Returns the number of lanes that a session gets. */
  int lanes(SessionSpec spec);

  /**
   * Returns the number of bytes that the kernels of all lanes need internally.
   *
   * @param rows maximum number of tokens that a lane processes at once
   * @param trained whether there is a backward pass
   */
  long kernelBytes(SessionSpec spec, int rows, boolean trained);

  /** Returns how much work a lane takes at a time. */
  TileSizes tileSizes(SessionSpec spec);

  /**
   * Returns an estimate of the floating-point operations per second of one lane while all lanes of
   * the device are busy.
   *
   * @param flopsPerToken operations for training on one token, from which the size of the model's
   *     matrix products follows
   */
  double flopsPerLane(double flopsPerToken);

  /** Returns the largest number of values that one tensor may have. */
  long largestTensor();

  /** Returns the settings, apart from the model, that determine how much memory is available. */
  default String memorySettings() {
    return "-Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes";
  }

  /**
   * Opens a device.
   *
   * @throws OutOfMemoryError if there is too little memory; the message states how much there is
   */
  Device open(SessionSpec spec);
}
