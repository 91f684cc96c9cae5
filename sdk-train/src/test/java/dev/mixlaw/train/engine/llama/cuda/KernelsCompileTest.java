package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that NVIDIA's compilers NVRTC and nvcc compile all kernels for each generation of GPUs
 * without warnings. NVRTC is called through the binding that the engine uses. {@link CudaLibraries}
 * finds it, for example in the Python environment that {@code VIRTUAL_ENV} names.
 */
class KernelsCompileTest {
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)'[\\s\\S]*?(\\d+) bytes spill stores"
              + "[\\s\\S]*?Used (\\d+) registers");

  private static final int[] CARDS = {80, 90, 100};

  /** The head sizes for which no register may be spilled. */
  private static final List<Integer> USUAL_HEADS = List.of(32, 64, 96, 128);

  @TempDir private Path directory;

  enum By {
    NVRTC,
    NVCC
  }

  private static Nvrtc nvrtc() {
    Optional<Path> library = CudaLibraries.ofThisHost().find("nvrtc", 13);
    assumeTrue(library.isPresent(), "no NVRTC");
    return NvrtcCompiler.open(library.get());
  }

  @ParameterizedTest
  @CsvSource({
    "NVCC, ROWS, true, 0, 0, 90",
    "NVCC, FLASH, true, 64, 2, 80",
    "NVCC, FLASH, true, 128, 2, 100",
    "NVRTC, ROWS, true, 0, 0, 90",
    "NVRTC, WEIGHTS, false, 0, 0, 90",
    "NVRTC, ATTENTION, false, 0, 0, 100",
    "NVRTC, EMBEDDING, true, 0, 0, 80",
    "NVRTC, FLASH, true, 64, 2, 90"
  })
  void forACard(
      By compiler, KernelProgram.Family family, boolean bf16, int head, int stages, int card)
      throws IOException, InterruptedException {
    check(compiler, new KernelProgram(family, bf16, head, stages), card);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void forAllCards(By compiler) throws IOException, InterruptedException {
    List<String> registers = new ArrayList<>();
    for (int card : CARDS) {
      for (boolean bf16 : new boolean[] {false, true}) {
        for (KernelProgram.Family family : KernelProgram.Family.values()) {
          for (KernelProgram program : programs(family, bf16)) {
            registers.add(card + " " + program + " " + check(compiler, program, card));
          }
        }
      }
    }
    // BENCHMARKS.md quotes this file.
    Files.write(
        Files.createDirectories(Path.of("target")).resolve("registers-" + compiler + ".txt"),
        registers);
  }

  private static List<KernelProgram> programs(KernelProgram.Family family, boolean bf16) {
    List<KernelProgram> programs = new ArrayList<>();
    if (family != KernelProgram.Family.FLASH) {
      programs.add(KernelProgram.of(family, bf16));
    } else if (bf16) {
      for (int head = 16; head <= 128; head += 16) {
        programs.add(new KernelProgram(family, true, head, 1));
        programs.add(new KernelProgram(family, true, head, 2));
      }
    }
    return programs;
  }

  /** A GPU that is newer than NVRTC gets PTX, which the GPU's driver compiles. */
  @Test
  void forACardThatNvrtcDoesNotKnow() {
    Nvrtc nvrtc = nvrtc();
    assertThat(NvrtcCompiler.architecture(nvrtc, 90)).isEqualTo("sm_90");
    String newest = NvrtcCompiler.architecture(nvrtc, 999);
    assertThat(newest).startsWith("compute_");
    byte[] code =
        NvrtcCompiler.compile(
                nvrtc,
                KernelProgram.of(KernelProgram.Family.EMBEDDING, true).source(),
                "embedding.cu",
                newest,
                List.of())
            .code();
    assertThat(new String(code, StandardCharsets.UTF_8)).contains(".target sm_");
  }

  /**
   * Compiles a program, checks its spilled registers and warnings, and returns the number of
   * registers of each kernel.
   */
  private Map<String, Integer> check(By compiler, KernelProgram program, int card)
      throws IOException, InterruptedException {
    String said = compiler == By.NVCC ? byNvcc(program, card) : byNvrtc(program, card);
    Map<String, Integer> registers = new TreeMap<>();
    for (Matcher kernel = KERNEL.matcher(said); kernel.find(); ) {
      registers.put(kernel.group(1), Integer.parseInt(kernel.group(3)));
      assertThat(Integer.parseInt(kernel.group(2)))
          .as("bytes that %s of %s keeps outside registers on %d", kernel.group(1), program, card)
          .isLessThanOrEqualTo(most(compiler, program));
    }
    assertThat(registers).as(said).isNotEmpty();
    assertThat(said).as("%s for %d", program, card).doesNotContain("warning");
    return registers;
  }

  private static String byNvrtc(KernelProgram program, int card) {
    NvrtcCompiler.Compiled compiled =
        NvrtcCompiler.compile(
            nvrtc(),
            program.source(),
            "kernels.cu",
            "sm_" + card,
            List.of("--ptxas-options=-v", "--display-error-number"));
    assertThat(compiled.code()).startsWith(0x7f, 'E', 'L', 'F');
    return compiled.said();
  }

  private String byNvcc(KernelProgram program, int card) throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("kernels.cu"), program.source());
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "nvcc",
                  "-arch=sm_" + card,
                  "-std=c++17",
                  "-cubin",
                  "-Xptxas=-v",
                  "-o",
                  directory.resolve("kernels.cubin").toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no nvcc");
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s for %d: %s", program, card, said).isZero();
    return said;
  }

  /**
   * Returns the largest permitted number of bytes that a thread spills from registers to slower
   * memory. It is 0 for NVRTC, which the engine uses, with the usual head sizes and two pipeline
   * stages.
   */
  private static int most(By compiler, KernelProgram program) {
    boolean usual = program.stages() == 2 && USUAL_HEADS.contains(program.headSize());
    return usual && compiler == By.NVRTC ? 0 : 100;
  }
}
