package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The ND4J backend on the class path, which is determined once per process. ND4J's classes are
 * loaded only if there is a backend and, for CUDA, if it supports the GPU. The reason is that the
 * static initializer of ND4J cannot be retried after a failure, and its error message does not
 * contain the cause.
 */
record Backend(String device, Optional<Problem> problem, boolean cpu) {
  private static final String CPU = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final String SETTING =
      "add org.nd4j:nd4j-native 1.0.0-M2.1 and its natives for this platform (for example the classifier linux-x86_64)";

  static Backend get() {
    return Holder.BACKEND;
  }

  private static final class Holder {
    static final Backend BACKEND = find();
  }

  private static Backend find() {
    if (cudaPresent()) {
      List<CudaCard> cards = CudaCard.query();
      Optional<Problem> problem = CudaCard.problem(cards);
      return problem.isPresent()
          ? new Backend("none", problem, false)
          : start(() -> "cuda (" + cards.get(0).name() + ")", false);
    }
    if (present(CPU)) {
      return start(Backend::processor, true);
    }
    return failed(
        "no ND4J backend on the class path",
        "neither nd4j-native nor nd4j-cuda-11.6",
        "one of the two");
  }

  private static Backend start(Supplier<String> device, boolean cpu) {
    try {
      Nd4j.getBackend();
      return new Backend(device.get(), Optional.empty(), cpu);
    } catch (LinkageError | RuntimeException e) {
      // ND4J wraps the cause in exceptions of various types.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String here = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
      return failed(
          "ND4J does not start", cause.toString(), "a backend with its natives for " + here);
    }
  }

  private static Backend failed(String what, String actual, String expected) {
    Problem problem = new Problem("engine dl4j: " + what, actual, expected, SETTING);
    return new Backend("none", Optional.of(problem), false);
  }

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

  /** Returns whether the CUDA backend is on the class path. Does not start the backend. */
  static boolean cudaPresent() {
    return present(CUDA);
  }

  /** Creates kernels. On the CPU, limits OpenBLAS to one thread in the whole process. */
  Kernels kernels() {
    if (cpu) {
      openblas.blas_set_num_threads(1);
    }
    return cpu ? new CpuKernels() : new Nd4jKernels();
  }

  /** Limits a session on a GPU to one thread, which is enough to keep the GPU busy. */
  SessionSpec limit(SessionSpec spec) {
    return cpu
        ? spec
        : new SessionSpec(
            spec.model(), spec.vocabulary(), spec.batchSequences(), spec.recipe(), spec.seed(), 1);
  }
}
