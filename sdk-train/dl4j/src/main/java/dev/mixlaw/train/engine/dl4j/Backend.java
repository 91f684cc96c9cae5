package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The ND4J backend on the class path, looked for once. Nothing of ND4J is loaded before it is known
 * that a backend is there and, on CUDA, that the card can run it: ND4J's own static initialiser
 * fails for good, and says little.
 */
final class Backend {
  private static final String CPU = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final String SETTING =
      "a dependency on org.nd4j:nd4j-native 1.0.0-M2.1 and on its jar of natives for this platform"
          + " (classifier linux-x86_64, say)";

  private final String device;
  private final @Nullable Problem problem;
  private final boolean cpu;

  private Backend(String device, @Nullable Problem problem, boolean cpu) {
    this.device = device;
    this.problem = problem;
    this.cpu = cpu;
  }

  /** The backend of this process. */
  static Backend get() {
    return Holder.BACKEND;
  }

  /** Found at first use, kept: ND4J cannot change its backend either. */
  private static final class Holder {
    static final Backend BACKEND = find();
  }

  private static Backend find() {
    if (cudaPresent()) {
      List<CudaCard> cards = CudaCard.query();
      Optional<Problem> problem = CudaCard.problem(cards);
      return problem.isPresent()
          ? new Backend("none", problem.get(), false)
          : start(() -> "cuda (" + cards.get(0).name() + ")", false);
    }
    if (present(CPU)) {
      return start(Backend::processor, true);
    }
    return new Backend(
        "none",
        new Problem(
            "engine dl4j: no ND4J backend on the class path",
            "neither nd4j-native nor nd4j-cuda-11.6",
            "one of them",
            SETTING),
        false);
  }

  private static Backend start(Supplier<String> device, boolean cpu) {
    try {
      Nd4j.getBackend();
      return new Backend(device.get(), null, cpu);
    } catch (LinkageError | RuntimeException e) {
      // ND4J wraps what went wrong in whatever its initialiser happens to throw.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return new Backend(
          "none",
          new Problem(
              "engine dl4j: ND4J does not start",
              cause.toString(),
              "a backend with its natives for "
                  + System.getProperty("os.name")
                  + " on "
                  + System.getProperty("os.arch"),
              SETTING),
          cpu);
    }
  }

  /** What decides how fast it is, and the last bits of results. */
  private static String processor() {
    return switch (NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel()) {
      case 3 -> "cpu (AVX-512)";
      case 2 -> "cpu (AVX2)";
      default -> "cpu (" + System.getProperty("os.arch") + ")";
    };
  }

  private static boolean present(String className) {
    try {
      Class.forName(className, false, Backend.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Whether the backend is the one for cards; starts nothing. */
  static boolean cudaPresent() {
    return present(CUDA);
  }

  String device() {
    return device;
  }

  Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * New kernels: the fast ones on the CPU. These divide work by themselves, so OpenBLAS is told to
   * use the calling thread alone, in the whole process as it knows nothing smaller.
   */
  Kernels kernels() {
    if (cpu) {
      openblas.blas_set_num_threads(1);
    }
    return cpu ? new CpuKernels() : new Nd4jKernels();
  }

  /** A card is kept busy by one thread. */
  SessionSpec limit(SessionSpec spec) {
    return cpu
        ? spec
        : new SessionSpec(
            spec.model(), spec.vocabulary(), spec.batchSequences(), spec.recipe(), spec.seed(), 1);
  }
}
