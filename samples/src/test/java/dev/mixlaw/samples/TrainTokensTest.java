package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.train.engine.llama.cpu.NativeEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTokensTest {
  private static final String SHAPE =
      "--engine native --vocab 11 --d-model 16 --layers 1 --heads 1 --ffn 32 --context 12 --batch 4"
          + " --steps 30 --warm-up 2 --rate 2e-2 --every 29";

  private static Ran train(Path file, String more) {
    return Ran.of(new TrainTokens(), (file + " " + SHAPE + more).split(" ", -1));
  }

  @Test
  void learnsWhatFollowsWhatInAFileOfTokens(@TempDir Path directory) throws IOException {
    var missing = new NativeEngine().unavailable();
    Assumptions.assumeTrue(missing.isEmpty(), missing::toString);
    ByteBuffer ids = ByteBuffer.allocate(4 * 500).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 500; i++) {
      ids.putInt(i % 11);
    }
    Path file = Files.write(directory.resolve("tokens"), ids.array());

    Ran ran = train(file, " --id-bytes 4 --save " + directory.resolve("model"));

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(loss(ran, "step 0: ")).isGreaterThan(2);
    assertThat(loss(ran, "step 29: ")).isLessThan(1.5);
    assertThat(directory.resolve("model").resolve("model.safetensors")).exists();
    assertThat(train(file, " --id-bytes 3").code()).isEqualTo(2);
  }

  private static double loss(Ran ran, String step) {
    String line = ran.out().lines().filter(l -> l.startsWith(step)).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll(".*loss ([0-9.]+),.*", "$1"));
  }
}
