package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.train.engine.weights.WeightLayout.Role;
import dev.mixlaw.train.engine.weights.WeightLayout.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The initial weights of a decoder, which depend only on the seed, not on the engine or the
 * platform.
 *
 * <p>The weights of norms are 1. All other weights are normally distributed with a standard
 * deviation of 0.02. For projections into the residual stream, this value is divided by
 * √(2·layers), so that the variance of the stream does not grow with depth (Radford et al. 2019,
 * GPT-2, section 2.3).
 */
public final class InitialWeights {
  private static final double DEVIATION = 0.02;

  private InitialWeights() {}

  private static final int TASK = 1 << 14;

  /** Returns the values of a tensor or of a part of it. Uses all processors. */
  public static float[] of(Tensor tensor, int layers, long seed) {
    float[] values = new float[Math.toIntExact(tensor.length())];
    if (tensor.role() == Role.NORM) {
      Arrays.fill(values, 1f);
      return values;
    }
    double deviation =
        tensor.role() == Role.RESIDUAL_MATRIX ? DEVIATION / Math.sqrt(2.0 * layers) : DEVIATION;
    long stream = mix(seed + Hashing.GOLDEN_GAMMA);
    IntStream.range(0, (values.length + TASK - 1) / TASK)
        .parallel()
        .forEach(
            task -> {
              int end = (int) Math.min(values.length, (task + 1L) * TASK);
              for (int i = task * TASK; i < end; i++) {
                values[i] = (float) (deviation * normal(stream, tensor.offset() + i));
              }
            });
    return values;
  }

  /** Returns a normally distributed number: the Box-Muller transform of two hash values. */
  private static double normal(long stream, long counter) {
    double u = unit(mix(stream + 2 * counter));
    double v = unit(mix(stream + 2 * counter + 1));
    // StrictMath gives the same bits on every platform.
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }

  private static double unit(long bits) {
    return ((bits >>> 11) + 1) * 0x1p-53;
  }

  /** Returns the output of SplitMix64 at a position (Steele et al. 2014). */
  private static long mix(long position) {
    return Hashing.mix64(position * Hashing.GOLDEN_GAMMA);
  }
}
