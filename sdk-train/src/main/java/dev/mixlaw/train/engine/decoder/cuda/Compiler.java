package dev.mixlaw.train.engine.decoder.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Compiles kernels by {@link Nvrtc}. */
final class Compiler {
  private Compiler() {}

  /** Such as {@code 13.0}. */
  static String version(Nvrtc nvrtc) {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check(nvrtc, nvrtc.nvrtcVersion(major, minor), "asking NVRTC its version");
    return major.getValue() + "." + minor.getValue();
  }

  /** What to compile for: the card's architecture or, of a card newer than NVRTC, PTX. */
  static String architecture(Nvrtc nvrtc, int card) {
    IntByReference count = new IntByReference();
    check(nvrtc, nvrtc.nvrtcGetNumSupportedArchs(count), "asking NVRTC what it compiles for");
    int[] known = new int[count.getValue()];
    check(nvrtc, nvrtc.nvrtcGetSupportedArchs(known), "asking NVRTC what it compiles for");
    int best = Arrays.stream(known).filter(a -> a <= card).max().orElse(card);
    return (best == card ? "sm_" : "compute_") + best;
  }

  /** Machine code for an architecture {@code sm_…}, PTX for {@code compute_…}. */
  static byte[] compile(Nvrtc nvrtc, String source, String name, String architecture) {
    PointerByReference program = new PointerByReference();
    check(
        nvrtc,
        nvrtc.nvrtcCreateProgram(program, source, name, 0, null, null),
        "handing NVRTC " + name);
    try {
      Pointer p = program.getValue();
      String[] options = {"--gpu-architecture=" + architecture, "--std=c++17"};
      int error = nvrtc.nvrtcCompileProgram(p, options.length, options);
      if (error != 0) {
        throw new IllegalStateException(
            "NVRTC cannot compile " + name + " for " + architecture + ": " + log(nvrtc, p));
      }
      LongByReference bytes = new LongByReference();
      boolean machineCode = architecture.startsWith("sm_");
      check(
          nvrtc,
          machineCode ? nvrtc.nvrtcGetCUBINSize(p, bytes) : nvrtc.nvrtcGetPTXSize(p, bytes),
          "asking NVRTC for code");
      byte[] code = new byte[Math.toIntExact(bytes.getValue())];
      check(
          nvrtc,
          machineCode ? nvrtc.nvrtcGetCUBIN(p, code) : nvrtc.nvrtcGetPTX(p, code),
          "asking NVRTC for code");
      return code;
    } finally {
      nvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static String log(Nvrtc nvrtc, Pointer program) {
    LongByReference bytes = new LongByReference();
    check(nvrtc, nvrtc.nvrtcGetProgramLogSize(program, bytes), "asking NVRTC for its messages");
    byte[] log = new byte[Math.toIntExact(bytes.getValue())];
    check(nvrtc, nvrtc.nvrtcGetProgramLog(program, log), "asking NVRTC for its messages");
    return new String(log, StandardCharsets.UTF_8).strip();
  }

  private static void check(Nvrtc nvrtc, int error, String what) {
    if (error != 0) {
      throw new IllegalStateException(what + " failed: " + nvrtc.nvrtcGetErrorString(error));
    }
  }
}
