package dev.mixlaw.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashingTest {
  @Test
  void mix64IsTheOutputFunctionOfSplittableRandom() {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 1; i <= 5; i++) {
      assertThat(Hashing.mix64(42 + i * Hashing.GOLDEN_GAMMA)).isEqualTo(random.nextLong());
    }
  }

  @Test
  void sha256OfTheStandardsExample(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("abc"), "abc");
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    assertThat(Hashing.sha256("abc")).isEqualTo(expected);
    assertThat(Hashing.sha256("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    assertThat(Hashing.sha256(file)).isEqualTo(expected);
  }
}
