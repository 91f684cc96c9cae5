package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Precision;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The platform for NVIDIA GPUs with compute capability 8.0 or higher. */
public final class CudaPlatform implements Platform {
  /**
   * System property that sets the number format of matrix products: {@code bf16} (the default),
   * {@code tf32} or {@code fp32}. In all cases, sums are computed and the optimizer's weights are
   * stored in single precision.
   */
  public static final String PRECISION = "mixlaw.cuda.precision";

  /** System property for the time limit of GPU work, in whole seconds. The default is 600. */
  public static final String PATIENCE = "mixlaw.cuda.patience";

  private static final List<String> PRECISIONS = List.of("bf16", "tf32", "fp32");

  /** Maximum size of the activations of a micro-batch, as a fraction of the GPU's memory. */
  private static final double SHARE_OF_ACTIVATIONS = 0.15;

  /** Maximum number of tokens in a micro-batch, which is enough to keep a GPU busy. */
  private static final int MOST_ROWS = 32_768;

  /** Number of logits that are computed at a time, which is enough for full speed. */
  private static final long LOGITS = 1L << 28;

  /** The discovered GPUs, whose libraries JNA would unload if they were not referenced. */
  private static final Map<String, CudaHost.Discovery> FOUND = new ConcurrentHashMap<>();

  private final String card;
  private final String precision;
  private final Supplier<CudaHost.Discovery> host;
  private final Supplier<KernelCache> cache;

  /** Creates the platform that system properties select. */
  public CudaPlatform() {
    this(System.getProperty(PRECISION, PRECISIONS.get(0)));
  }

  /**
   * Creates the platform for the first GPU that {@code mixlaw.cuda.card} selects.
   *
   * @param precision a value of {@link #PRECISION}
   */
  public CudaPlatform(String precision) {
    this(cards()[0], precision);
  }

  private CudaPlatform(String card, String precision) {
    this(card, precision, () -> findHost(card), KernelCache::standard);
  }

  CudaPlatform(
      String card,
      String precision,
      Supplier<CudaHost.Discovery> host,
      Supplier<KernelCache> cache) {
    this.card = card;
    this.precision = precision;
    this.host = host;
    this.cache = cache;
  }

  private static String[] cards() {
    return System.getProperty(CudaHost.CARD, "0").split(",", -1);
  }

  static List<CudaPlatform> ofProperties() {
    return Arrays.stream(cards()).map(card -> new CudaPlatform().onCard(card)).toList();
  }

  private static CudaHost.Discovery findHost(String card) {
    return FOUND.computeIfAbsent(card, c -> CudaHost.find(c, CudaLibraries.ofThisHost()));
  }

  CudaPlatform onCard(String number) {
    return new CudaPlatform(number, precision);
  }

  CudaPlatform withPrecision(Precision format) {
    return new CudaPlatform(card, format.name().toLowerCase(Locale.ROOT), host, cache);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(CudaHost.CARD, card, PRECISION, precision);
  }

  private CudaHost.Discovery found() {
    return host.get();
  }

  CudaHost host() {
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, unavailable().stream().toList());
    CudaHost host = found().host();
    if (host == null) {
      throw new IllegalStateException("neither a host nor a problem was found");
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
  public String precisionName() {
    return precision;
  }

  @Override
  public Optional<Problem> unavailable() {
    if (!PRECISIONS.contains(precision)) {
      return Optional.of(
          new Problem(
              "engine cuda: unknown precision",
              precision,
              String.join(", ", PRECISIONS),
              PRECISION));
    }
    if (patience().isZero()) {
      return Optional.of(
          new Problem(
              "engine cuda: invalid timeout",
              String.valueOf(System.getProperty(PATIENCE)),
              "whole seconds, 1 or more",
              PATIENCE));
    }
    return found().problem();
  }

  /** Returns the timeout, or zero if the property is not a valid number of seconds. */
  private static Duration patience() {
    String set = System.getProperty(PATIENCE, "600");
    return Duration.ofSeconds(set.matches("[0-9]{1,9}") ? Long.parseLong(set) : 0);
  }

  /**
   * Returns a value that depends on this GPU and its libraries, on the kernels and on the
   * precision. The value is computed once and stored with the compiled kernels.
   *
   * @param given further values on which the result depends
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

  DeviceComparison.Tolerance tolerance() {
    return precision.equals("fp32")
        ? DeviceComparison.Tolerance.SINGLE
        : DeviceComparison.Tolerance.ROUNDED;
  }

  private boolean bf16() {
    return precision.equals("bf16");
  }

  /** Returns the GPU's memory in bytes, without the part that is reserved for the driver. */
  @Override
  public long memory() {
    CudaHost there = found().host();
    return there == null ? Long.MAX_VALUE : there.memory() - CudaDevice.DRIVER_RESERVE;
  }

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
    // Each step that is in flight has its own token ids, labels and row order.
    long batch = 3L * spec.batchSequences() * model.context() * Integer.BYTES;
    long staged = StagingBuffers.BLOCKS * (batch + 2L * StagingBuffers.CHUNK);
    // If scratch memory has to grow, the old memory is kept in addition to the new memory.
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
    return new TileSizes(rows, LOGITS, 1L << 40, each, each, bf16() ? 6 : 4, 1);
  }

  /** Returns an estimate, which assumes about half of the tensor cores' measured speed. */
  @Override
  public double flopsPerLane(double flopsPerToken) {
    CudaHost host = found().host();
    return (host == null ? 1 : host.multiprocessors()) * (bf16() ? 2.5e12 : 0.3e12);
  }

  /**
   * Returns the maximum number of values in a tensor. Weights are read and written through Java
   * arrays, and kernels treat up to three tensors as one.
   */
  @Override
  public long largestTensor() {
    return 3L * (Integer.MAX_VALUE - 8);
  }

  @Override
  public String memorySettings() {
    return "TrainingEngine.cards to use another card, or run fewer programs on this card";
  }

  @Override
  public Device open(SessionSpec spec) {
    return CudaDevice.on(
        new NvidiaCard(host(), cache.get(), precision.equals("tf32"), patience(), System::nanoTime),
        bf16());
  }
}
