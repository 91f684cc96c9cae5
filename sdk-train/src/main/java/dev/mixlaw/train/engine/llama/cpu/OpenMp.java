package dev.mixlaw.train.engine.llama.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** The one setting of OpenMP that oneDNN's own interface lacks. */
final class OpenMp {
  private final Function setNumThreads;

  /**
   * Asks for it by way of oneDNN's library, as a process may hold several OpenMP runtimes.
   *
   * @param library one that depends on oneDNN
   */
  OpenMp(String library, boolean windows) {
    // Windows looks for a name in one library, not in those it depends on.
    setNumThreads =
        NativeLibrary.getInstance(windows ? "vcomp140" : library)
            .getFunction("omp_set_num_threads");
  }

  /** OpenMP's limit is each thread's own. */
  void useThisThreadOnly() {
    setNumThreads.invokeVoid(new Object[] {1});
  }
}
