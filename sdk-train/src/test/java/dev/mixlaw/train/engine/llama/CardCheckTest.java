package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.train.engine.llama.cuda.CudaPlatform;
import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@link CardCheck} in its quick mode on a simulated GPU. */
class CardCheckTest {
  private static final CardCheck.Card FAKE =
      new CardCheck.Card(
          precision -> new FakeCudaPlatform(precision.equals("bf16"), FakeCudaPlatform.LARGE),
          device -> {
            FakeCudaPlatform.breakAfter(0, 700);
            device.read(device.allocate(1), new float[1], 1);
          });

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void needsACompiler() {
    Platform fake = FAKE.platform().apply("bf16");
    assumeTrue(fake.unavailable().isEmpty(), () -> fake.unavailable().toString());
  }

  @AfterEach
  void asBefore() {
    CardTest.platforms = CudaPlatform::new;
    FakeCudaPlatform.mend();
  }

  private boolean check(CardCheck.Card card) throws IOException {
    PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CardCheck(to).run(card, true, directory.resolve("verdict.json"));
  }

  private JsonNode verdict() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("verdict.json").toFile());
  }

  @Test
  void aWorkingGpuPassesAllSections() throws IOException {
    boolean passed = check(FAKE);

    String said = out.toString(StandardCharsets.UTF_8);
    assertThat(passed).as(said).isTrue();
    assertThat(said).contains("8 of 10 steps", "CUDA_ERROR_ILLEGAL_ADDRESS");
    assertThat(said.strip()).endsWith("verdict: all holds");
    assertThat(verdict().path("passed").booleanValue()).isTrue();
    assertThat(verdict().path("chapters")).hasSize(8).allMatch(c -> c.path("passed").asBoolean());
  }

  /** Uses a GPU that fails in every section. */
  @Test
  void allSectionsRunAndFailuresAreReported() throws IOException {
    CardCheck.Card broken =
        new CardCheck.Card(
            precision -> {
              FakeCudaPlatform.breakAfter(200, 719);
              return FAKE.platform().apply(precision);
            },
            FAKE.breaking());

    assertThat(check(broken)).isFalse();

    assertThat(out.toString(StandardCharsets.UTF_8).strip())
        .contains("verdict: does not hold: [")
        .contains("CUDA_ERROR_LAUNCH_FAILED");
    assertThat(verdict().path("passed").booleanValue()).isFalse();
    assertThat(verdict().path("chapters")).hasSize(8).anyMatch(c -> !c.path("passed").asBoolean());
  }
}
