package dev.mixlaw.train.engine.llama.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** Limits the number of OpenMP threads, which oneDNN's own interface cannot do. */
final class OpenMp {
  private final Function setNumThreads;

  /**
   * Looks up the function through oneDNN's library, because a process may contain several OpenMP
   * runtimes.
   *
   * @param library a library that depends on oneDNN
   */
  OpenMp(String library, boolean windows) {
    // Windows looks up a name only in the given library, not in the libraries on which it depends.
    setNumThreads =
        NativeLibrary.getInstance(windows ? "vcomp140" : library)
            .getFunction("omp_set_num_threads");
  }

  /** Limits OpenMP to the calling thread. The limit applies only to work of this thread. */
  void useThisThreadOnly() {
    setNumThreads.invokeVoid(new Object[] {1});
  }
}
