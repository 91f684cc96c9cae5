package dev.mixlaw.train.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendTest {
  @TempDir Path directory;

  @Test
  void cardsAreReadFromTheDriversTool() {
    assertThat(
            CudaCard.parse("NVIDIA A100-SXM4-40GB, 8.0\nodd, one, 9.0\n\nno version\nx, [N/A]\n"))
        .containsExactly(
            new CudaCard("NVIDIA A100-SXM4-40GB", 8, 0), new CudaCard("odd, one", 9, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 5, false",
    "3, 7, true",
    "5, 0, true",
    "6, 1, true",
    "7, 2, true",
    "7, 5, true",
    "8, 0, true",
    "8, 9, true",
    "9, 0, false",
    "10, 0, false",
    "12, 0, false"
  })
  void aCardNeedsMachineCodeOfItsMajorVersion(int major, int minor, boolean supported) {
    assertThat(new CudaCard("card", major, minor).supported()).isEqualTo(supported);
  }

  @Test
  void theErrorNamesTheGpuAndHowToFixIt() {
    var problem = CudaCard.problem(List.of(new CudaCard("NVIDIA H100", 9, 0))).orElseThrow();

    assertThat(problem.actual()).isEqualTo("NVIDIA H100 with compute capability 9.0");
    assertThat(problem.fix()).contains("nd4j-native").contains("engine cuda");
    assertThat(CudaCard.problem(List.of()).orElseThrow().actual()).contains("no NVIDIA card");
    assertThat(CudaCard.problem(List.of(new CudaCard("A100", 8, 0)))).isEmpty();
  }

  @Test
  void withoutABackendTheArtifactToAddIsNamed() throws Exception {
    String said = child(jar -> !jar.contains("nd4j-native") && !jar.contains("nd4j-cuda"));

    assertThat(said).contains("no ND4J backend").contains("org.nd4j:nd4j-native");
  }

  @Test
  @EnabledIf("builtForTheCpu")
  void withoutItsNativeLibrariesTheBackendDoesNotStart() throws Exception {
    String said =
        child(
            jar -> !(jar.contains("nd4j-native-1") && jar.matches(".*-(linux|macosx|windows)-.*")));

    assertThat(said).contains("ND4J does not start").contains("natives");
  }

  @Test
  @EnabledIf("builtForTheCpu")
  void withItsNativeLibrariesTheBackendRunsSilently() throws Exception {
    assertThat(child(jar -> true)).matches("available on cpu \\(.+\\)\\R");
  }

  static boolean builtForTheCpu() {
    return System.getProperty("java.class.path").contains("nd4j-native-1");
  }

  /**
   * Returns the output of {@link AvailabilityProbe} in another JVM, with the jars of this class
   * path that the predicate accepts.
   */
  private String child(Predicate<String> jars) throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(jars)
            .collect(Collectors.joining(File.pathSeparator));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath,
                AvailabilityProbe.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readString(output, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** A program that queries twice whether the engine is available, and prints the result. */
  static final class AvailabilityProbe {
    private AvailabilityProbe() {}

    public static void main(String[] args) {
      Dl4jEngine engine = new Dl4jEngine();
      boolean first = engine.unavailable().isEmpty();
      System.out.println(
          engine
              .unavailable()
              .map(Object::toString)
              .orElse(first ? "available on " + engine.device() : "of two minds"));
    }
  }
}
