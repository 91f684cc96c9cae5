package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.mixlaw.api.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A usable GPU, with its driver and libraries.
 *
 * @param device the driver's index for the GPU
 * @param capability compute capability times 10, such as 90 for 9.0
 * @param sharedMemory number of bytes of shared memory that a thread block may use
 * @param memory size of the GPU's memory in bytes
 */
record CudaHost(
    CudaDriver driver,
    int device,
    String name,
    int capability,
    int multiprocessors,
    int sharedMemory,
    long memory,
    Nvrtc compiler,
    CublasLt products) {
  /**
   * System property that selects the GPU by the driver's index. Several indices, separated by
   * commas, select several GPUs. The default is 0.
   */
  static final String CARD = "mixlaw.cuda.card";

  /** Ten times the lowest supported compute capability, the first with bf16 tensor cores. */
  private static final int OLDEST = 80;

  /** A usable GPU, or the reason why there is none. */
  record Discovery(@Nullable CudaHost host, Optional<Problem> problem) {
    static Discovery failed(String what, String actual, String allowed, String setting) {
      return new Discovery(
          null, Optional.of(new Problem("engine cuda: " + what, actual, allowed, setting)));
    }
  }

  static Discovery find(String card, CudaLibraries libraries) {
    CudaDriver driver;
    try {
      driver = CudaDriver.load();
    } catch (NoClassDefFoundError e) {
      return Discovery.failed(
          "JNA is missing",
          String.valueOf(e.getMessage()),
          "net.java.dev.jna:jna on the class path",
          "add the dependency net.java.dev.jna:jna");
    } catch (UnsatisfiedLinkError e) {
      return Discovery.failed(
          "no NVIDIA driver found",
          String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll(":$", ""),
          "libcuda.so.1 or nvcuda.dll",
          "install a driver");
    }
    int error = driver.cuInit(0);
    if (error != 0) {
      return Discovery.failed(
          "the driver finds no card",
          error == 100 ? "no card" : "CUDA error " + error + " from cuInit",
          "an NVIDIA card",
          "install a card, or change CUDA_VISIBLE_DEVICES");
    }
    IntByReference number = new IntByReference();
    CudaDriver.check(driver, driver.cuDriverGetVersion(number), "reading the driver's version");
    int major = number.getValue() / 1000;
    if (major < 12) {
      return Discovery.failed(
          "the driver is too old",
          "a driver for CUDA " + major + "." + number.getValue() % 1000 / 10,
          "a driver for CUDA 12 or newer",
          "install a driver");
    }
    CudaDriver.check(driver, driver.cuDeviceGetCount(number), "counting cards");
    int count = number.getValue();
    if (!card.matches("\\d{1,4}") || Integer.parseInt(card) >= count) {
      return Discovery.failed(
          "unknown card", card, "0 to " + (count - 1), "change TrainingEngine.cards or -D" + CARD);
    }
    CudaDriver.check(
        driver, driver.cuDeviceGet(number, Integer.parseInt(card)), "finding card " + card);
    return withLibraries(driver, number.getValue(), major, libraries);
  }

  private static Discovery withLibraries(
      CudaDriver driver, int device, int major, CudaLibraries libraries) {
    byte[] text = new byte[256];
    CudaDriver.check(
        driver, driver.cuDeviceGetName(text, text.length, device), "reading a card's name");
    String name = new String(text, StandardCharsets.UTF_8).split("\0", 2)[0];
    int capability =
        10 * attribute(driver, device, CudaDriver.ATTRIBUTE_MAJOR)
            + attribute(driver, device, CudaDriver.ATTRIBUTE_MINOR);
    if (capability < OLDEST) {
      return Discovery.failed(
          "the card is too old",
          name + " with compute capability " + capability / 10 + "." + capability % 10,
          "compute capability 8.0 or higher",
          "choose another card with TrainingEngine.cards or -D"
              + CARD
              + ", or use the engine dl4j with nd4j-cuda");
    }
    Optional<Path> compiler = libraries.find("nvrtc", major);
    Optional<Path> products = libraries.find("cublasLt", major);
    if (compiler.isEmpty() || products.isEmpty()) {
      String missing =
          Stream.of("nvrtc", "cublasLt")
              .filter(l -> libraries.find(l, major).isEmpty())
              .map(l -> "no " + CudaLibraries.names(l, major))
              .collect(Collectors.joining(" and "));
      String sought =
          libraries.directories().stream().map(Path::toString).collect(Collectors.joining(", "));
      return Discovery.failed(
          "CUDA libraries are missing",
          missing + " in " + sought,
          "libraries of a CUDA toolkit or of Python's nvidia packages, for CUDA %s or 12"
              .formatted(major),
          "set LD_LIBRARY_PATH, CUDA_HOME or " + CudaLibraries.DIRECTORY);
    }
    Nvrtc nvrtc;
    CublasLt cublasLt;
    try {
      nvrtc = NvrtcCompiler.open(compiler.get());
      cublasLt = Native.load(products.get().toString(), CublasLt.class);
    } catch (UnsatisfiedLinkError e) {
      return Discovery.failed(
          "a CUDA library cannot be loaded",
          String.valueOf(e.getMessage()),
          compiler.get() + " and " + products.get() + " with all libraries that they need",
          "set LD_LIBRARY_PATH, CUDA_HOME or " + CudaLibraries.DIRECTORY);
    }
    LongByReference memory = new LongByReference();
    CudaDriver.check(
        driver, driver.cuDeviceTotalMem_v2(memory, device), "reading the size of a card's memory");
    CudaHost host =
        new CudaHost(
            driver,
            device,
            name,
            capability,
            attribute(driver, device, CudaDriver.ATTRIBUTE_MULTIPROCESSORS),
            attribute(driver, device, CudaDriver.ATTRIBUTE_SHARED_MEMORY),
            memory.getValue(),
            nvrtc,
            cublasLt);
    return new Discovery(host, Optional.empty());
  }

  String versions() {
    IntByReference ofDriver = new IntByReference();
    CudaDriver.check(driver, driver.cuDriverGetVersion(ofDriver), "reading the driver's version");
    return "driver %s, NVRTC %s, cuBLASLt %s"
        .formatted(
            ofDriver.getValue(), NvrtcCompiler.version(compiler), products.cublasLtGetVersion());
  }

  private static int attribute(CudaDriver driver, int device, int attribute) {
    IntByReference value = new IntByReference();
    CudaDriver.check(
        driver,
        driver.cuDeviceGetAttribute(value, attribute, device),
        "reading an attribute of a card");
    return value.getValue();
  }
}
