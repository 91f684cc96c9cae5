package dev.mixlaw.train.engine.decoder.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NVIDIA's own compiler takes all kernels, for each generation of cards, without a warning. */
class KernelsCompileTest {
  private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");

  /** Machine code for these, by one call. */
  private static final int[] CARDS = {80, 90, 100};

  @ParameterizedTest
  @CsvSource({"ROWS, true, 0, 0, 90", "FLASH, true, 64, 2, 80", "FLASH, true, 128, 2, 100"})
  void forACard(
      Program.Family family, boolean rounded, int head, int stages, int card, @TempDir Path to)
      throws IOException, InterruptedException {
    compile(new Program(family, rounded, head, stages), card, to);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void forAllCards(boolean rounded, @TempDir Path to) throws IOException, InterruptedException {
    for (int card : CARDS) {
      for (Program.Family family : Program.Family.values()) {
        if (family != Program.Family.FLASH) {
          compile(Program.of(family, rounded), card, to);
        } else if (rounded) {
          for (int head = 16; head <= 128; head += 16) {
            compile(new Program(family, true, head, 1), card, to);
            compile(new Program(family, true, head, 2), card, to);
          }
        }
      }
    }
  }

  private static void compile(Program program, int card, Path directory)
      throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("kernels.cu"), program.source());
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "nvcc",
                  "-arch=sm_" + card,
                  "-std=c++17",
                  "-cubin",
                  "-Werror=all-warnings",
                  // Registers that do not suffice would be memory: slow, and a sign of a mistake.
                  "-Xptxas=-v",
                  "-o",
                  directory.resolve("kernels.cubin").toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no nvcc");
      return;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s for %d: %s", program, card, said).isZero();
    assertThat(said).contains("Used ");
    long spilled =
        SPILLS.matcher(said).results().mapToLong(r -> Long.parseLong(r.group(1))).max().orElse(0);
    assertThat(spilled).as("%s for %d: %s", program, card, said).isLessThanOrEqualTo(most(program));
  }

  /** Bytes that a thread may keep outside registers: with heads of the usual sizes none. */
  private static long most(Program program) {
    return program.stages() == 2 && List.of(32, 64, 128).contains(program.headSize()) ? 0 : 100;
  }
}
