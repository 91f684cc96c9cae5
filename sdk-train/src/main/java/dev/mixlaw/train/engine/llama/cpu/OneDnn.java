package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;

/**
 * Loads oneDNN, determines what it supports on this machine, and prevents it from starting threads.
 */
final class OneDnn {
  private static final String LOADING =
      "a directory with 100 MB of free space for the libraries (-Dorg.bytedeco.javacpp.cachedir; default ~/.javacpp/cache) that is writable and not mounted with noexec, and on JDK 24 and later --enable-native-access=ALL-UNNAMED";

  private static final Optional<Problem> PROBLEM = load();

  private OneDnn() {}

  /** Returns the reason why oneDNN cannot be used, or empty if it can. */
  static Optional<Problem> problem() {
    return PROBLEM;
  }

  private static Optional<Problem> load() {
    try {
      Loader.load(dnnl.class);
    } catch (LinkageError | IllegalCallerException e) {
      List<String> absent = absent();
      return Optional.of(
          absent.isEmpty()
              ? problem("oneDNN", reasons(e), LOADING)
              : problem("oneDNN", "missing: " + String.join(", ", absent), onClassPath(absent)));
    }
    if (limitedByTheEnvironment()) {
      return Optional.empty();
    }
    try {
      openMp();
    } catch (LinkageError | IllegalCallerException e) {
      return Optional.of(
          problem(
              "a way to limit the number of OpenMP threads",
              reasons(e),
              (lacks("com/sun/jna/Native.class")
                      ? onClassPath(List.of("net.java.dev.jna:jna"))
                      : "a directory for JNA's library (-Djna.tmpdir) that is writable and not mounted with noexec")
                  + ", or OMP_NUM_THREADS=1 in the environment"));
    }
    return Optional.empty();
  }

  /** Returns the messages of an exception and its causes. */
  private static String reasons(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
        .map(e -> String.valueOf(e.getMessage()))
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String onClassPath(List<String> artifacts) {
    return String.join(", ", artifacts) + " (groupId:artifactId:classifier) on the class path";
  }

  private static List<String> absent() {
    List<String> absent = new ArrayList<>();
    String classes = "org/bytedeco/";
    if (lacks(classes + "javacpp/Loader.class")) {
      absent.add("org.bytedeco:javacpp");
    }
    if (lacks(classes + "dnnl/global/dnnl.class")) {
      absent.add("org.bytedeco:dnnl");
    }
    if (!absent.isEmpty()) {
      return absent; // The name of the platform can be determined only with JavaCPP.
    }
    String platform = Loader.getPlatform();
    Map<String, String> libraries = new LinkedHashMap<>();
    libraries.put("dnnl", "jnidnnl");
    libraries.put("opencl", "jniOpenCL");
    libraries.put("javacpp", "jnijavacpp");
    libraries.forEach(
        (artifact, library) -> {
          String file = System.mapLibraryName(library);
          if (lacks(classes + artifact + "/" + platform + "/" + file)) {
            absent.add("org.bytedeco:" + artifact + ":" + platform);
          }
        });
    return absent;
  }

  private static boolean lacks(String resource) {
    return OneDnn.class.getClassLoader().getResource(resource) == null;
  }

  private static Problem problem(String what, String actual, String allowed) {
    return new Problem(
        "engine native: " + what + " cannot be loaded",
        actual,
        allowed,
        "change the application's dependencies or JVM options; the native libraries of a platform are the dependencies of dev.mixlaw:mixlaw-native-PLATFORM, of type pom");
  }

  private static boolean limitedByTheEnvironment() {
    return "1".equals(System.getenv("OMP_NUM_THREADS"));
  }

  private static OpenMp openMp() {
    return new OpenMp(Loader.load(dnnl.class), Loader.getPlatform().startsWith("windows"));
  }

  /** Prevents oneDNN from starting threads when the calling thread uses it. */
  static void useThisThreadOnly() {
    if (!limitedByTheEnvironment()) {
      openMp().useThisThreadOnly();
    }
  }

  /** Returns whether oneDNN can multiply in bf16 on this machine, possibly by emulation. */
  static boolean hasBf16() {
    return Bf16.THERE;
  }

  /** Determines at first use whether bf16 is supported, by creating such a primitive. */
  private static final class Bf16 {
    static final boolean THERE = find();

    private static boolean find() {
      try (PointerScope made = new PointerScope()) {
        long[] shape = {16, 16};
        memory.desc in = new memory.desc(shape, memory.data_type.bf16, memory.format_tag.any);
        memory.desc out = new memory.desc(shape, memory.data_type.f32, memory.format_tag.ab);
        return !new matmul.primitive_desc(new engine(engine.kind.cpu, 0), in, in, out).isNull();
      } catch (RuntimeException e) {
        return false; // thrown by JavaCPP if oneDNN has no implementation
      }
    }
  }

  /** Returns whether products are faster in bf16 than in single precision. */
  static boolean hasFastBf16() {
    return supports(dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** Returns the widest instruction set that oneDNN uses on this machine. */
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

  /** Returns whether oneDNN's softmax is vectorized, which is the case on x86-64. */
  static boolean hasVectors() {
    return supports(dnnl.dnnl_cpu_isa_avx2);
  }

  private static boolean supports(int isa) {
    return (dnnl.dnnl_get_effective_cpu_isa() & isa) == isa;
  }
}
