package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.ptr.PointerByReference;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.DeviceLostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/** What a driver's errors mean to whoever trains on its card. */
enum CudaError {
  MEMORY(
      "memory for code, recordings and what the driver keeps, beside the session's",
      "a smaller ModelSpec or batch, or fewer programs on the card",
      2),
  KERNEL(
      "kernels that stay within their memory, on a card that computes rightly",
      "the bundle's check of this card, and a report to Mixlaw if it passes; with"
          + " LocalStudyRunner.inChildJvms no other run is in its way",
      700,
      710,
      714,
      715,
      716,
      717,
      718,
      719),
  TOO_LONG(
      "kernels shorter than the system's limit for cards with a display",
      "another card (-D" + CudaHost.CARD + "=…), or a smaller batch",
      702),
  CARD(
      "a card that answers",
      "the machine: nvidia-smi and the system's log (Xid) say what befell the card; one that fell"
          + " off the bus is back after a restart",
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
      "kernels that this driver takes",
      "a newer driver, or an NVRTC of the driver's CUDA (-D" + CudaLibraries.DIRECTORY + "=…)",
      200,
      209,
      218,
      221,
      222,
      223),
  OTHER("no error", "a report to Mixlaw, with this message");

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

  /** Whether the process's context on the card is broken, for all sessions in it. */
  boolean losesDevice() {
    return this == KERNEL || this == CARD || this == TOO_LONG;
  }

  /** Says what failed, by the driver's name of the error, and what can be done. */
  static MixlawException failure(CudaDriver driver, int error, String what) {
    PointerByReference name = new PointerByReference();
    boolean known = driver.cuGetErrorName(error, name) == 0 && name.getValue() != null;
    return of(error).failure(what, known ? name.getValue().getString(0) : "CUDA error " + error);
  }

  /** Work that has not ended in time, and may never. */
  static MixlawException hung(String card, Duration patience) {
    return new MixlawException(
        MixlawException.Kind.ENGINE,
        new Problem(
            "engine cuda: " + card + " does not end its work",
            "waited for " + patience.toSeconds() + " s",
            "less",
            "-D"
                + CudaPlatform.PATIENCE
                + "=SECONDS if it was only slow; its memory is given back when this process ends,"
                + " which nvidia-smi may have to help with"));
  }

  private MixlawException failure(String what, String error) {
    Problem problem = new Problem("engine cuda: " + what + " failed", error, allowed, setting);
    return losesDevice()
        ? new DeviceLostException(problem)
        : new MixlawException(MixlawException.Kind.ENGINE, problem);
  }
}
