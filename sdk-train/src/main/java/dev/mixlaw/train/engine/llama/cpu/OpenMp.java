package dev.mixlaw.train.engine.llama.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** The only OpenMP setting that oneDNN's own interface does not offer. */
final class OpenMp {
  private final Function setNumThreads;

  /**
   * Looks up the function through oneDNN's library, because a process may contain several OpenMP
   * runtimes.
   *
   * @param library a library that depends on oneDNN
   */
  OpenMp(String library, boolean windows) {
    // Windows looks a name up in one library, not in those it depends on.
    setNumThreads =
        NativeLibrary.getInstance(windows ? "vcomp140" : library)
            .getFunction("omp_set_num_threads");
  }

  /** Limits OpenMP to the calling thread. The limit applies only to work of this thread. */
  void useThisThreadOnly() {
    setNumThreads.invokeVoid(new Object[] {1});
  }
}
