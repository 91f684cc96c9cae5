package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceComparison;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.TileSizes;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An NVIDIA card of compute capability 8.0 or newer, with the CUDA libraries of its host. */
public final class CudaPlatform implements Platform {
  /**
   * System property: {@code bf16}, which is the default, {@code tf32}, or {@code fp32}. Sums, and
   * the weights that are updated, are in single precision with each.
   */
  public static final String PRECISION = "mixlaw.cuda.precision";

  /** System property: seconds that the card may take for what is waited for, 600 by default. */
  public static final String PATIENCE = "mixlaw.cuda.patience";

  private static final List<String> PRECISIONS = List.of("bf16", "tf32", "fp32");

  /** Activations of a part take no more of the card than this. */
  private static final double SHARE_OF_ACTIVATIONS = 0.15;

  /** Tokens of a part: more fill a card no better. */
  private static final int MOST_ROWS = 32_768;

  /** Values of logits at once: rows enough for full speed. */
  private static final long LOGITS = 1L << 28;

  /** Kept, as libraries that nobody holds are unloaded. */
  private static CudaHost.@Nullable Discovery found;

  private final String precision;
  private final Supplier<CudaHost.Discovery> host;
  private final Supplier<KernelCache> cache;

  /**
   * In the precision that {@value #PRECISION} says, on the card that {@code mixlaw.cuda.card} does.
   */
  public CudaPlatform() {
    this(System.getProperty(PRECISION, PRECISIONS.get(0)));
  }

  /**
   * @param precision as {@link #PRECISION}
   */
  public CudaPlatform(String precision) {
    this(precision, CudaPlatform::findHost, KernelCache::standard);
  }

  /** On a certain host. */
  CudaPlatform(String precision, Supplier<CudaHost.Discovery> host, Supplier<KernelCache> cache) {
    this.precision = precision;
    this.host = host;
    this.cache = cache;
  }

  /** Looked for once, when first asked. */
  private static synchronized CudaHost.Discovery findHost() {
    if (found == null) {
      found = CudaHost.find(System.getProperty(CudaHost.CARD, "0"), CudaLibraries.ofThisHost());
    }
    return found;
  }

  private CudaHost.Discovery found() {
    return host.get();
  }

  CudaHost host() {
    unavailable()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    CudaHost host = found().host();
    if (host == null) {
      throw new IllegalStateException("no host and no reason");
    }
    return host;
  }

  @Override
  public String describe() {
    CudaHost host = found().host();
    return host == null
        ? "cuda"
        : "cuda (" + host.name() + ", sm_" + host.capability() + ", " + precision + ")";
  }

  @Override
  public Optional<Problem> unavailable() {
    if (!PRECISIONS.contains(precision)) {
      return Optional.of(
          new Problem(
              "engine cuda: no such precision",
              precision,
              String.join(", ", PRECISIONS),
              PRECISION));
    }
    if (patience().isZero()) {
      return Optional.of(
          new Problem(
              "engine cuda: no such time",
              String.valueOf(System.getProperty(PATIENCE)),
              "whole seconds, 1 or more",
              PATIENCE));
    }
    return found().problem();
  }

  /** Zero if what is set is no time. */
  private static Duration patience() {
    String set = System.getProperty(PATIENCE, "600");
    return Duration.ofSeconds(set.matches("[0-9]{1,9}") ? Long.parseLong(set) : 0);
  }

  /**
   * What is so on this card, with these libraries and these kernels in this precision: found out
   * once, and kept with the compiled kernels.
   *
   * @param given what else it depends on
   */
  String cached(String name, String given, Supplier<String> find) {
    CudaHost host = host();
    String all =
        Arrays.stream(KernelProgram.Family.values())
            .map(f -> KernelProgram.of(f, bf16()).source())
            .collect(Collectors.joining("\n"));
    byte[] text =
        cache
            .get()
            .get(
                name + "-" + precision,
                given + "\n" + all,
                "sm_" + host.capability(),
                host.name() + ", " + host.versions(),
                () -> find.get().getBytes(StandardCharsets.UTF_8));
    return new String(text, StandardCharsets.UTF_8);
  }

  /** What the precision explains. */
  DeviceComparison.Tolerance tolerance() {
    return precision.equals("fp32")
        ? DeviceComparison.Tolerance.SINGLE
        : DeviceComparison.Tolerance.ROUNDED;
  }

  private boolean bf16() {
    return precision.equals("bf16");
  }

  /** Of the card, less what its driver takes. */
  @Override
  public long memory() {
    CudaHost there = found().host();
    return there == null ? Long.MAX_VALUE : there.memory() - CudaDevice.DRIVER_RESERVE;
  }

  /** A card is one. */
  @Override
  public int lanes(SessionSpec spec) {
    return 1;
  }

  @Override
  public long kernelBytes(SessionSpec spec, int rows, boolean trained) {
    ModelSpec model = spec.model();
    long deltas = (long) rows * model.heads() * Float.BYTES;
    long reductions = CudaKernels.reductionBytes(rows, model.width());
    long angles = (model.context() + 4L) * model.headSize() * Float.BYTES;
    // The inputs, labels and order of each step that is in flight.
    long batch = 3L * spec.batchSequences() * model.context() * Integer.BYTES;
    long staged = StagingBuffers.BLOCKS * (batch + 2L * StagingBuffers.CHUNK);
    // Scratch memory that is outgrown is kept, and what replaces it at most doubles it.
    return CublasMatmul.WORKSPACE + 3 * Math.max(deltas, reductions) + angles + staged + (1 << 20);
  }

  @Override
  public TileSizes tileSizes(SessionSpec spec) {
    ModelSpec model = spec.model();
    int each = bf16() ? Short.BYTES : Float.BYTES;
    long ofBlock =
        4L * model.width() + AttentionHeads.of(model).rowWidth() + 3L * model.feedForward();
    long ofRow = each * (ofBlock + model.width()) * model.layers();
    CudaHost host = found().host();
    double room = host == null ? 0 : SHARE_OF_ACTIVATIONS * host.memory();
    int rows = (int) Math.max(model.context(), Math.min(MOST_ROWS, room / ofRow));
    return new TileSizes(rows, LOGITS, 1L << 40, each, each, bf16() ? 6 : 4);
  }

  /** About half of what tensor cores give, by multiprocessor. */
  @Override
  public double flopsPerLane() {
    CudaHost host = found().host();
    return (host == null ? 1 : host.multiprocessors()) * (bf16() ? 2.5e12 : 0.3e12);
  }

  /** Three times what fits an array of Java, in which weights are read and written. */
  @Override
  public long largestTensor() {
    return 3L * (Integer.MAX_VALUE - 8);
  }

  @Override
  public String memorySettings() {
    return "-D" + CudaHost.CARD + "=… for another card, or fewer programs on this one";
  }

  @Override
  public Device open(SessionSpec spec) {
    return CudaDevice.on(
        new NvidiaCard(host(), cache.get(), precision.equals("tf32"), patience(), System::nanoTime),
        bf16());
  }
}
