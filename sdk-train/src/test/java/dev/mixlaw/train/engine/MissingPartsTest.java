package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.testkit.support.OtherJvm;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cpu.NativeEngine;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the native engine if a jar or a processor instruction set is missing. */
class MissingPartsTest {
  /**
   * A program that prints the engine's device and problem, and, if the engine is available, the
   * losses of two steps.
   */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      LlamaEngine engine = new NativeEngine();
      System.out.println(engine.device());
      engine.unavailable().ifPresent(System.out::println);
      if (engine.unavailable().isEmpty()) {
        ModelSpec model = ModelSpec.of("probe", 32, 2, 2, 64).withContext(16);
        SessionSpec spec = new SessionSpec(model, 100, 4, Recipe.standard(), 1, 2);
        try (TrainingSession session = engine.open(spec)) {
          for (int i = 0; i < 2; i++) {
            int[] batch = new Random(i).ints(4 * 17, 0, 100).toArray();
            System.out.printf(Locale.ROOT, "%.4f%n", session.step(batch, 1e-2).loss());
          }
        }
      }
    }
  }

  private static final OtherJvm HERE = OtherJvm.with("-Xmx256m", "-XX:TieredStopAtLevel=1");

  private static List<String> lines(OtherJvm jvm) throws Exception {
    return jvm.run(Probe.class, List.of()).lines().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "dnnl, -PLATFORM.jar, org.bytedeco:dnnl:PLATFORM",
    "opencl, -PLATFORM.jar, org.bytedeco:opencl:PLATFORM",
    "dnnl, 13.jar, org.bytedeco:dnnl",
    "javacpp, .jar, org.bytedeco:javacpp",
    "jna, .jar, net.java.dev.jna:jna"
  })
  void aMissingJarIsNamedAsMavenNamesIt(String begin, String end, String artifact)
      throws Exception {
    String platform = Loader.getPlatform();
    OtherJvm jvm = HERE.without(begin, end.replace("PLATFORM", platform));

    List<String> said = lines(jvm);

    assertThat(said).hasSize(2);
    assertThat(said.get(1))
        .contains("engine native", "cannot be loaded")
        .contains("expected " + artifact.replace("PLATFORM", platform) + " (groupId:");
  }

  @Test
  void withOpenMpLimitedByTheEnvironmentJnaIsNotNeeded() throws Exception {
    OtherJvm jvm = HERE.without("jna", ".jar").in(Map.of("OMP_NUM_THREADS", "1"));

    assertThat(lines(jvm)).hasSize(3);
  }

  /** Limits oneDNN to the instruction sets of an older processor. */
  @ParameterizedTest
  @CsvSource({"AVX2, AVX2", "SSE41, PLATFORM"})
  void anOldProcessorTrainsInSinglePrecisionToTheSameLosses(String instructions, String called)
      throws Exception {
    assumeTrue(Loader.getPlatform().endsWith("x86_64"), "instructions of x86-64");
    OtherJvm old = HERE.in(Map.of("ONEDNN_MAX_CPU_ISA", instructions));

    List<String> said = lines(old);

    assertThat(said.get(0))
        .isEqualTo("cpu (" + called.replace("PLATFORM", Loader.getPlatform()) + ", fp32)");
    assertThat(said.subList(1, 3))
        .isEqualTo(lines(OtherJvm.with("-D" + CpuPlatform.PRECISION + "=fp32")).subList(1, 3));
  }

  @Test
  void bf16WithoutTheInstructionsIsRefusedBeforeAnythingBegins() throws Exception {
    assumeTrue(Loader.getPlatform().endsWith("x86_64"), "instructions of x86-64");
    OtherJvm old =
        OtherJvm.with("-D" + CpuPlatform.PRECISION + "=bf16")
            .in(Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"));

    assertThat(lines(old))
        .hasSize(2)
        .last()
        .asString()
        .contains("bf16 is not supported by this processor", "AVX2", CpuPlatform.PRECISION);
  }
}
