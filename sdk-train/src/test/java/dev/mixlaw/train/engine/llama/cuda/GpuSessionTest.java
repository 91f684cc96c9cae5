package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the script {@code gpu-session} with a bundle whose commands fail or hang. With {@code
 * --fake} and a real bundle, the script itself runs everything on the simulated GPU.
 */
class GpuSessionTest {
  @TempDir Path directory;

  @Test
  void aCommandThatFailsDoesNotStopTheOthers() throws Exception {
    int code =
        session(
            """
            case $1 in
              bench) echo no such kernel; exit 1 ;;
              rate) echo '{"gflop_per_s": 790000}' > $3 ;;
            esac
            """,
            "--only",
            "ceilings,large,sanitizer");

    assertThat(code).isEqualTo(1);
    assertThat(statuses())
        .containsEntry("rates", "done")
        .containsEntry("124M-16", "failed")
        .containsEntry("124M-32", "failed")
        .containsEntry("124M-16-kernels", "done");
    assertThat(results().get(0).at("/figures/gflop_per_s").intValue()).isEqualTo(790_000);
    assertThat(results().get(1).path("output").asText()).isEqualTo("no such kernel");
    assertThat(directory.resolve("out/log.txt")).content().contains("no such kernel");
  }

  @Test
  void aCommandThatHangsIsStopped() throws Exception {
    int code = session("exec tail -f /dev/null\n", "--only", "ceilings,study", "--seconds", "3");

    assertThat(code).isEqualTo(1);
    assertThat(statuses()).isEqualTo(Map.of("rates", "stopped", "regression-gate", "not begun"));
  }

  private int session(String run, String... options) throws Exception {
    Path bundle = Files.createDirectory(directory.resolve("bundle"));
    Path script = Files.writeString(bundle.resolve("run"), "#!/bin/sh\n" + run);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    List<String> command =
        new ArrayList<>(List.of("python3", Path.of("gpu-session").toAbsolutePath().toString()));
    command.addAll(List.of(directory.resolve("out").toString(), "--bundle", bundle.toString()));
    command.addAll(List.of(options));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "skipped: no python3");
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(directory.resolve("out/results.json")).as(said).exists();
    return code;
  }

  private JsonNode results() throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("out/results.json").toFile())
        .path("commands");
  }

  private Map<String, String> statuses() throws IOException {
    return StreamSupport.stream(results().spliterator(), false)
        .collect(Collectors.toMap(r -> r.path("command").asText(), r -> r.path("status").asText()));
  }
}
