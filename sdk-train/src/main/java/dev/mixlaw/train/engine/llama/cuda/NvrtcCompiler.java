package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

final class NvrtcCompiler {
  /** The loaded libraries, which JNA would unload if they were not referenced. */
  private static final List<NativeLibrary> HELD = new CopyOnWriteArrayList<>();

  private NvrtcCompiler() {}

  record Compiled(byte[] code, String said) {}

  /**
   * Loads NVRTC and the library of built-in functions, which NVRTC later opens by its file name
   * without a directory. The operating system does not search NVRTC's directory for that name, but
   * finds a library that is already loaded.
   *
   * @throws UnsatisfiedLinkError if NVRTC cannot be loaded
   */
  static Nvrtc open(Path library) {
    Path directory = library.toAbsolutePath().getParent();
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(directory, "{lib,}nvrtc-builtins{.so,64_}*")) {
      for (Path builtins : beside) {
        HELD.add(NativeLibrary.getInstance(builtins.toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Native.load(library.toString(), Nvrtc.class);
  }

  static String version(Nvrtc nvrtc) {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check(nvrtc, nvrtc.nvrtcVersion(major, minor), "reading the version of NVRTC");
    return major.getValue() + "." + minor.getValue();
  }

  /** Returns the architecture of the GPU, or PTX if the GPU is newer than NVRTC. */
  static String architecture(Nvrtc nvrtc, int card) {
    IntByReference count = new IntByReference();
    check(
        nvrtc,
        nvrtc.nvrtcGetNumSupportedArchs(count),
        "reading the architectures that NVRTC supports");
    int[] known = new int[count.getValue()];
    check(
        nvrtc,
        nvrtc.nvrtcGetSupportedArchs(known),
        "reading the architectures that NVRTC supports");
    int best = Arrays.stream(known).filter(a -> a <= card).max().orElse(card);
    return (best == card ? "sm_" : "compute_") + best;
  }

  /**
   * Compiles source code. The result is machine code for an architecture {@code sm_…}, or PTX for
   * an architecture {@code compute_…}.
   */
  static Compiled compile(
      Nvrtc nvrtc, String source, String name, String architecture, List<String> more) {
    PointerByReference program = new PointerByReference();
    check(
        nvrtc,
        nvrtc.nvrtcCreateProgram(program, source, name, 0, null, null),
        "creating the NVRTC program " + name);
    try {
      Pointer p = program.getValue();
      String[] options =
          Stream.concat(
                  Stream.of("--gpu-architecture=" + architecture, "--std=c++17"), more.stream())
              .toArray(String[]::new);
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
          "reading the size of the compiled code from NVRTC");
      byte[] code = new byte[Math.toIntExact(bytes.getValue())];
      check(
          nvrtc,
          machineCode ? nvrtc.nvrtcGetCUBIN(p, code) : nvrtc.nvrtcGetPTX(p, code),
          "reading the compiled code from NVRTC");
      return new Compiled(code, log(nvrtc, p));
    } finally {
      nvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static String log(Nvrtc nvrtc, Pointer program) {
    LongByReference bytes = new LongByReference();
    check(nvrtc, nvrtc.nvrtcGetProgramLogSize(program, bytes), "reading NVRTC's messages");
    byte[] log = new byte[Math.toIntExact(bytes.getValue())];
    check(nvrtc, nvrtc.nvrtcGetProgramLog(program, log), "reading NVRTC's messages");
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private static void check(Nvrtc nvrtc, int error, String what) {
    if (error != 0) {
      throw new IllegalStateException(what + " failed: " + nvrtc.nvrtcGetErrorString(error));
    }
  }
}
