package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.ptr.PointerByReference;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/** The kinds of CUDA driver errors. Each kind has a hint for the user. */
enum CudaError {
  MEMORY(
      "memory for code, graphs and the driver in addition to the session's memory",
      "use a smaller ModelSpec or batch, or run fewer programs on the card",
      2),
  KERNEL(
      "kernels that access only their own memory, and a card without hardware faults",
      "run the bundle's check on this card, and report a bug to Mixlaw if it passes; use LocalStudyRunner.inChildJvms so that other runs are not affected",
      700,
      710,
      714,
      715,
      716,
      717,
      718,
      719),
  TOO_LONG(
      "kernels that end within the operating system's time limit for cards with a display",
      "use another card (-D" + CudaHost.CARD + "=…) or a smaller batch",
      702),
  CARD(
      "a card that responds",
      "check nvidia-smi and the system's log (Xid) for the state of the card; restart the machine if the card fell off the bus",
      46,
      100,
      101,
      214,
      220,
      226,
      709,
      802,
      911,
      999),
  CODE(
      "kernels that this driver can load",
      "install a newer driver, or use the NVRTC for the driver's CUDA version (-D%s=…)"
          .formatted(CudaLibraries.DIRECTORY),
      200,
      209,
      218,
      221,
      222,
      223),
  OTHER("no error", "report this message to Mixlaw");

  private final String allowed;
  private final String setting;
  private final Set<Integer> errors;

  CudaError(String allowed, String setting, Integer... errors) {
    this.allowed = allowed;
    this.setting = setting;
    this.errors = Set.of(errors);
  }

  static CudaError of(int error) {
    return Arrays.stream(values()).filter(f -> f.errors.contains(error)).findFirst().orElse(OTHER);
  }

  /** Returns whether the error ends all sessions of this process on the GPU. */
  boolean losesDevice() {
    return this == KERNEL || this == CARD || this == TOO_LONG;
  }

  static MixlawException failure(CudaDriver driver, int error, String what) {
    PointerByReference name = new PointerByReference();
    boolean known = driver.cuGetErrorName(error, name) == 0 && name.getValue() != null;
    return of(error).failure(what, known ? name.getValue().getString(0) : "CUDA error " + error);
  }

  static MixlawException hung(String card, Duration patience) {
    return MixlawException.engine(
        "engine cuda: the work on " + card,
        "not finished after " + patience.toSeconds() + " s",
        "it to finish within that time",
        "set -D%s=SECONDS if the work is only slow; the card's memory is freed when this process ends"
            .formatted(CudaPlatform.PATIENCE));
  }

  private MixlawException failure(String what, String error) {
    Problem problem = new Problem("engine cuda: " + what + " failed", error, allowed, setting);
    return losesDevice()
        ? new DeviceLostException(problem)
        : new MixlawException(MixlawException.Kind.ENGINE, problem);
  }
}
