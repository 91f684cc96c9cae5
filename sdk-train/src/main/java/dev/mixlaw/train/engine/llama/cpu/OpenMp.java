package dev.mixlaw.train.engine.llama.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** Limits the number of OpenMP threads, for which oneDNN has no function. */
final class OpenMp {
  private final Function setNumThreads;

  /**
   * Looks up OpenMP's function in the runtime that oneDNN uses. A process may contain several
   * OpenMP runtimes.
   */
  OpenMp(String library, boolean windows) {
    // On Windows, a name is looked up only in the given library, not in its dependencies.
    setNumThreads =
        NativeLibrary.getInstance(windows ? "vcomp140" : library)
            .getFunction("omp_set_num_threads");
  }

  /** Limits OpenMP to one thread for all calls that the calling thread makes. */
  void useThisThreadOnly() {
    setNumThreads.invokeVoid(new Object[] {1});
  }
}
