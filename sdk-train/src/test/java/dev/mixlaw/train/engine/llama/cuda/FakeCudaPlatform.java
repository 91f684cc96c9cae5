package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.TileSizes;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A simulated GPU. {@code fake_cuda.cpp} replaces CUDA's libraries. It compiles the kernels with
 * g++, for which {@code shim.h} defines CUDA's language extensions, and runs them on the CPU. It
 * watches all memory accesses of kernels ({@code watch.cpp}): a race, a read of uninitialised
 * memory, and an access outside an allocation end the kernel with an error.
 *
 * @param bf16 whether activations are bf16
 * @param sharedMemory largest shared memory of a block of threads, in bytes
 * @param broken edit of the kernels' sources before they are compiled, for example to add a fault
 */
public record FakeCudaPlatform(boolean bf16, int sharedMemory, UnaryOperator<String> broken)
    implements Platform {
  /** Shared memory of a block on an H100, in bytes. */
  public static final int LARGE = 227 * 1024;

  /** Shared memory of a block on GPUs for workstations, in bytes. */
  public static final int SMALL = 99 * 1024;

  private static final List<String> SOURCES =
      List.of("compile-fake", "shim.h", "watch.h", "shim.cpp", "watch.cpp", "fake_cuda.cpp");

  private static final long ROOM = 60L << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * Hours by which the clock is ahead. While the GPU hangs, each reading of the clock adds an hour.
   */
  private static final AtomicInteger HOURS = new AtomicInteger();

  private static boolean hangs;

  private static @Nullable Path directory;

  /**
   * The loaded library. This reference prevents JNA from unloading it, which would discard the
   * compiled kernels.
   */
  private static @Nullable NativeLibrary fake;

  public FakeCudaPlatform(boolean bf16, int sharedMemory) {
    this(bf16, sharedMemory, UnaryOperator.identity());
  }

  static boolean canCompile() {
    try {
      Process process =
          new ProcessBuilder("g++", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the simulated CUDA library, which is compiled once per JVM. Kernels are compiled in its
   * directory.
   */
  private static synchronized Path library() {
    if (directory == null) {
      try {
        directory = Files.createTempDirectory("mixlaw-cuda");
        Path made = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        for (String file : SOURCES) {
          try (InputStream in = FakeCudaPlatform.class.getResourceAsStream(file)) {
            Files.copy(in, made.resolve(file));
          }
        }
        compile(made);
        fake = NativeLibrary.getInstance(made.resolve("libfake.so").toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return directory.resolve("libfake.so");
  }

  private static void compile(Path directory) throws IOException {
    Process process =
        new ProcessBuilder("sh", "compile-fake")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!Files.exists(directory.resolve("libfake.so"))) {
      throw new IllegalStateException(said);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NativeLibrary fake() {
    library();
    return fake;
  }

  /** Returns how many graphs have been launched in this process. */
  public static int played() {
    return (int) call("fakeGraphLaunches", int.class);
  }

  /**
   * Breaks the GPU as an illegal address does, after the given number of further kernels and
   * copies.
   */
  public static void breakAfter(long works, int error) {
    call("fakeBreak", void.class, works, error);
  }

  /**
   * Makes a call fail after the given number of further calls that create something or start work.
   */
  static void refuseAfter(long calls, int error) {
    call("fakeRefuse", void.class, calls, error);
  }

  /** Makes the GPU hang, so that no work ends. */
  static void hang() {
    call("fakeHang", void.class);
    hangs = true;
  }

  private static long now() {
    return hangs ? Duration.ofHours(HOURS.incrementAndGet()).toNanos() : System.nanoTime();
  }

  /** Returns the number of resources that were created on the GPU and not released. */
  public static long left() {
    return (long) call("fakeLeft", long.class);
  }

  /** Returns the number of allocations whose accesses are watched. */
  static long watched() {
    return (long) call("fakeWatched", long.class);
  }

  /** Resets the GPU to the state that it has in a new process. */
  public static void mend() {
    call("fakeMend", void.class);
    hangs = false;
  }

  static void memory(long bytes) {
    call("fakeLimit", void.class, bytes);
  }

  /**
   * Sets when streams execute their work: as late as possible ({@code l}) or at once ({@code e}).
   * The letters apply in turn to the streams that are created from now on.
   */
  static void laziness(String ofStreams) {
    call("fakeLaziness", void.class, ofStreams);
  }

  @Override
  public String precisionName() {
    return bf16 ? "bf16" : "fp32";
  }

  @Override
  public String describe() {
    return "a processor in a card's place";
  }

  @Override
  public Optional<Problem> unavailable() {
    return canCompile()
        ? Optional.empty()
        : Optional.of(new Problem("kernels cannot be compiled", "no g++", "g++", "PATH"));
  }

  @Override
  public int lanes(SessionSpec spec) {
    return 1;
  }

  @Override
  public long kernelBytes(SessionSpec spec, int rows, boolean trained) {
    return 1 << 20;
  }

  @Override
  public TileSizes tileSizes(SessionSpec spec) {
    int each = bf16 ? 2 : 4;
    return new TileSizes(150, 10_000, 1L << 40, each, each, bf16 ? 6 : 4, 1);
  }

  @Override
  public double flopsPerLane(double flopsPerToken) {
    return 1e9;
  }

  @Override
  public long largestTensor() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Device open(SessionSpec spec) {
    NvidiaCard card = new NvidiaCard(host(), cache(), false, PATIENCE, FakeCudaPlatform::now);
    return new FencedDevice(CudaDevice.on(card, bf16));
  }

  /**
   * Returns the engine {@code cuda} with simulated GPUs, each of which has memory for one small
   * session.
   */
  public static CudaEngine cuda(int cards) {
    FakeCudaPlatform fake = new FakeCudaPlatform(true, LARGE);
    return new CudaEngine(
        IntStream.range(0, cards)
            .mapToObj(
                device -> {
                  CudaHost host = fake.host(device, CudaDevice.DRIVER_RESERVE + ROOM);
                  return new CudaPlatform(
                      Integer.toString(device),
                      "bf16",
                      () -> new CudaHost.Discovery(host, Optional.empty()),
                      fake::cache);
                })
            .toList(),
        new CpuPlatform(Precision.FP32),
        List.of(),
        Duration.ZERO);
  }

  /** Returns how often a session was opened on a GPU. */
  public static long opened(int device) {
    return (long) call("fakeOpened", long.class, device);
  }

  CudaHost host() {
    return host(0, 2L << 30);
  }

  private CudaHost host(int device, long memory) {
    String library = library().toString();
    return new CudaHost(
        Native.load(library, CudaDriver.class),
        device,
        "a fake card",
        90,
        4,
        sharedMemory,
        memory,
        breaking(Native.load(library, Nvrtc.class)),
        Native.load(library, CublasLt.class));
  }

  static CardProfile.Clock clock() {
    String library = library().toString();
    return Native.load(library, CardProfile.Clock.class);
  }

  /** Calls a function that only the simulated library has. */
  static Object call(String function, Class<?> result, Object... arguments) {
    return fake().getFunction(function).invoke(result, arguments);
  }

  KernelCache cache() {
    return new KernelCache(cacheBeside(library()));
  }

  /**
   * Returns the cache of compiled kernels. Deliberately broken sources get a cache of their own, so
   * that their kernels are not reused later.
   */
  private Path cacheBeside(Path library) {
    if (broken.equals(UnaryOperator.<String>identity())) {
      return library.resolveSibling("cache");
    }
    try {
      return Files.createTempDirectory(library.getParent(), "broken");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Nvrtc breaking(Nvrtc compiler) {
    return (Nvrtc)
        Proxy.newProxyInstance(
            FakeCudaPlatform.class.getClassLoader(),
            new Class<?>[] {Nvrtc.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("nvrtcCreateProgram")) {
                arguments[1] = broken.apply((String) arguments[1]);
              }
              return method.invoke(compiler, arguments);
            });
  }
}
