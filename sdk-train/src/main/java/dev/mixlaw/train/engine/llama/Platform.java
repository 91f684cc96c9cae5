package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.Optional;

/** A kind of device: says whether there is one, and opens it. */
public interface Platform {
  /** Such as {@code cpu (AVX-512, fp32)}. */
  String describe();

  /** Why it cannot be used here; empty if it can. */
  Optional<Problem> unavailable();

  /** Bytes that one has in all, as far as is known. */
  default long memory() {
    return Long.MAX_VALUE;
  }

  /** Lanes a session is given. */
  int lanes(SessionSpec spec);

  /**
   * Memory the kernels of all lanes take for themselves.
   *
   * @param rows most tokens a lane takes at a time
   * @param trained whether there are gradients
   */
  long kernelBytes(SessionSpec spec, int rows, boolean trained);

  /** How much is taken at a time. */
  TileSizes grain(SessionSpec spec);

  /** Floating-point operations of training a second and lane, roughly. */
  double flopsPerLane();

  /** Values that one tensor may have. */
  long largestTensor();

  /** What beside the model decides how much memory there is. */
  default String memorySettings() {
    return "-Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes";
  }

  /**
   * Opens a device.
   *
   * @throws OutOfMemoryError saying how much there is
   */
  Device open(SessionSpec spec);
}
