package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchmarkTest {
  @Test
  void writesFiguresThatAgreeWithEachOther(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("figures.json");
    String shape = "--d-model 32 --layers 2 --heads 2 --ffn 96 --context 16 --batch 4 --vocab 300";

    int code =
        Samples.run(
            new EngineBenchmark(),
            (shape + " --engine dl4j --steps 5 --threads 1 --json " + json).split(" ", -1));

    assertThat(code).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    // embedding and head; two layers of attention, SwiGLU and norms; the final norm
    long params = 2 * 300 * 32 + 2 * (4 * 32 * 32 + 3 * 32 * 96 + 2 * 32) + 32;
    assertThat(figures.path("params").asLong()).isEqualTo(params);
    double flops = 6.0 * (params - 300 * 32) + 6.0 * 2 * 16 * 32;
    double tokens = figures.path("tokens_per_s").asDouble();
    assertThat(tokens * figures.path("step_ms").asDouble() / 1e3).isCloseTo(64, within(1e-6));
    assertThat(figures.path("gflop_per_s").asDouble())
        .isCloseTo(tokens * flops / 1e9, within(1e-6));
    assertThat(figures.path("evaluation_tokens_per_s").asDouble()).isPositive();
    assertThat(figures.path("planned_memory_mb").asDouble()).isPositive();
  }
}
