package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.TileSizes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The platform for CPUs, with matrix products from oneDNN. */
public final class CpuPlatform implements Platform {
  /**
   * System property that sets the number format of matrix products: {@code fp32}, {@code bf16}, or
   * {@code auto} (the default), which selects the faster of the two on this machine.
   */
  public static final String PRECISION = "mixlaw.native.precision";

  private static final long LOGITS = 2 << 20;
  private static final String AUTO = "auto";

  private final String asked;

  /** Creates the platform with the precision that {@value #PRECISION} selects. */
  public CpuPlatform() {
    this(System.getProperty(PRECISION, AUTO));
  }

  public CpuPlatform(Precision precision) {
    this(name(precision));
  }

  private CpuPlatform(String asked) {
    this.asked = asked;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(PRECISION, asked);
  }

  private static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String describe() {
    return OneDnn.problem().isPresent()
        ? "cpu"
        : "cpu (" + OneDnn.instructions() + ", " + name(precision()) + ")";
  }

  @Override
  public String precisionName() {
    return OneDnn.problem().isPresent() ? asked : name(precision());
  }

  @Override
  public Optional<Problem> unavailable() {
    if (!Set.of(AUTO, name(Precision.FP32), name(Precision.BF16)).contains(asked)) {
      return Optional.of(
          new Problem(
              "engine native: unknown precision",
              asked,
              "auto, fp32 or bf16",
              "change TrainingEngine.precision or -D" + PRECISION));
    }
    if (OneDnn.problem().isEmpty() && precision() == Precision.BF16 && !OneDnn.hasBf16()) {
      return Optional.of(
          new Problem(
              "engine native: bf16 is not supported by this processor",
              OneDnn.instructions(),
              "AVX-512 or newer on x86-64; fp32 works here",
              PRECISION));
    }
    return OneDnn.problem();
  }

  private Precision precision() {
    if (asked.equals(AUTO)) {
      return OneDnn.hasFastBf16() ? Precision.BF16 : Precision.FP32;
    }
    return Precision.valueOf(asked.toUpperCase(Locale.ROOT));
  }

  /**
   * Returns the number of threads of the session. It does not depend on the batch, so sums are
   * always added in the same order.
   */
  @Override
  public int lanes(SessionSpec spec) {
    return Math.max(1, spec.threads());
  }

  @Override
  public long kernelBytes(SessionSpec spec, int rows, boolean trained) {
    long lane = TiledAttention.bytes(spec.model().context()) + (2L << 20);
    if (precision() == Precision.FP32) {
      return lanes(spec) * lane;
    }
    lane += Bf16Attention.bytes(spec.model().context());
    if (trained) {
      // oneDNN copies the operands of the largest matrix product.
      long chunk = Math.min(rows, Math.max(16, LOGITS / spec.vocabulary()));
      lane += chunk * spec.vocabulary() * Float.BYTES;
    }
    return lanes(spec) * lane + Bf16Weights.bytes(spec, trained);
  }

  /** Returns tile sizes for which most activations stay in the second-level cache. */
  @Override
  public TileSizes tileSizes(SessionSpec spec) {
    int factor = precision() == Precision.BF16 ? Float.BYTES + Short.BYTES : Float.BYTES;
    int context = spec.model().context();
    boolean keeps = precision() == Precision.BF16 && Bf16Attention.supports(context);
    int softmax = keeps ? Bf16Attention.weightsLength(context) : 1;
    return new TileSizes(512, LOGITS, 1 << 16, Float.BYTES, factor, Float.BYTES, softmax);
  }

  /**
   * Returns an estimate that was fitted to measurements with AVX-512 BF16 and AMX (BENCHMARKS.md).
   * Small models are slower, because much of their work is not in matrix products.
   */
  @Override
  public double flopsPerLane(double flopsPerToken) {
    double rounded = Math.min(140e9, 110e9 * Math.pow(flopsPerToken / 0.4e6, 0.2));
    return precision() == Precision.BF16 ? rounded : 0.7 * rounded;
  }

  @Override
  public long largestTensor() {
    return OffHeapFloats.LARGEST;
  }

  @Override
  public Device open(SessionSpec spec) {
    unavailable()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    return new CpuDevice(lanes(spec), spec.model().context(), precision());
  }
}
