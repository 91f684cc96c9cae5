package dev.mixlaw.train.engine.decoder.cpu;

import dev.mixlaw.api.Problem;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/** Loading oneDNN, what it can do here, and keeping its threads from multiplying. */
final class OneDnn {
  private static final Optional<Problem> PROBLEM = load();

  private OneDnn() {}

  /** Why it cannot be used; empty if it can. */
  static Optional<Problem> problem() {
    return PROBLEM;
  }

  private static Optional<Problem> load() {
    String artifacts;
    try {
      String platform = Loader.getPlatform();
      artifacts =
          "org.bytedeco:dnnl, and with classifier "
              + platform
              + " org.bytedeco:dnnl, org.bytedeco:opencl and org.bytedeco:javacpp";
    } catch (LinkageError e) {
      return Optional.of(
          missing("JavaCPP", e, "org.bytedeco:dnnl and org.bytedeco:javacpp on the class path"));
    }
    try {
      Loader.load(dnnl.class);
    } catch (LinkageError e) {
      return Optional.of(missing("oneDNN", e, artifacts + " on the class path"));
    }
    if (limitedByTheEnvironment()) {
      return Optional.empty();
    }
    try {
      openMp();
    } catch (LinkageError e) {
      return Optional.of(
          missing(
              "a way to limit OpenMP's threads",
              e,
              "net.java.dev.jna:jna on the class path, or OMP_NUM_THREADS=1 in the environment"));
    }
    return Optional.empty();
  }

  private static Problem missing(String what, LinkageError e, String allowed) {
    return new Problem(
        "engine native: " + what + " cannot be loaded",
        String.valueOf(e.getMessage()),
        allowed,
        "the application's dependencies");
  }

  private static boolean limitedByTheEnvironment() {
    return "1".equals(System.getenv("OMP_NUM_THREADS"));
  }

  private static OpenMp openMp() {
    return new OpenMp(Loader.load(dnnl.class), Loader.getPlatform().startsWith("windows"));
  }

  /** From now on oneDNN starts no threads for the calling one: it would for each of several. */
  static void useThisThreadOnly() {
    if (!limitedByTheEnvironment()) {
      openMp().useThisThreadOnly();
    }
  }

  /** Whether products in bf16 are faster than in single precision. */
  static boolean hasFastBf16() {
    return supports(dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** The widest instructions that oneDNN uses here. */
  static String instructions() {
    if (supports(dnnl.dnnl_cpu_isa_avx512_core_amx)) {
      return "AMX";
    }
    if (supports(dnnl.dnnl_cpu_isa_avx512_core_bf16)) {
      return "AVX-512 BF16";
    }
    if (supports(dnnl.dnnl_cpu_isa_avx512_core)) {
      return "AVX-512";
    }
    if (supports(dnnl.dnnl_cpu_isa_avx2)) {
      return "AVX2";
    }
    return Loader.getPlatform();
  }

  private static boolean supports(int isa) {
    return (dnnl.dnnl_get_effective_cpu_isa() & isa) == isa;
  }
}
