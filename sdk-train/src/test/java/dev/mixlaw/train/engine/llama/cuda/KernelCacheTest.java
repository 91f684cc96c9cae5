package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCacheTest {
  @Test
  void codeIsCompiledOnceForASourceAndACard(@TempDir Path directory) throws IOException {
    KernelCache cache = new KernelCache(directory.resolve("new"));
    byte[] first = {1};
    byte[] second = {2};
    assertThat(cache.get("rows", "source", "sm_90", "13.0", () -> first)).isEqualTo(first);
    assertThat(cache.get("rows", "source", "sm_90", "13.0", () -> second)).isEqualTo(first);
    for (List<String> other :
        List.of(
            List.of("rows", "other", "sm_90", "13.0"),
            List.of("rows", "source", "sm_100", "13.0"),
            List.of("rows", "source", "sm_90", "12.8"))) {
      assertThat(cache.get(other.get(0), other.get(1), other.get(2), other.get(3), () -> second))
          .isEqualTo(second);
    }
    try (Stream<Path> files = Files.list(directory.resolve("new"))) {
      assertThat(files).hasSize(4).allMatch(f -> f.toString().endsWith(".bin"));
    }
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"emptied", "cut off", "a bit of its code", "a bit of its digest"})
  void aDamagedFileIsReplaced(String damage, @TempDir Path directory) throws IOException {
    KernelCache cache = new KernelCache(directory);
    byte[] code = new byte[1000];
    new Random(1).nextBytes(code);
    assertThat(cache.get("rows", "source", "sm_90", "13.0", () -> code)).isEqualTo(code);
    Path file = onlyFile(directory);
    byte[] whole = Files.readAllBytes(file);
    byte[] other = whole.clone();
    switch (damage) {
      case "emptied" -> other = new byte[0];
      case "cut off" -> other = Arrays.copyOf(whole, 700);
      case "a bit of its code" -> other[500] ^= 4;
      default -> other[1010] ^= 4;
    }
    Files.write(file, other);

    int[] compiled = {0};
    for (int i = 0; i < 2; i++) {
      byte[] found =
          cache.get(
              "rows",
              "source",
              "sm_90",
              "13.0",
              () -> {
                compiled[0]++;
                return code;
              });
      assertThat(found).isEqualTo(code);
    }
    assertThat(compiled[0]).isEqualTo(1);
    assertThat(Files.readAllBytes(onlyFile(directory))).isEqualTo(whole);
  }

  /** Threads stand for processes here, because the cache keeps nothing in memory. */
  @Test
  void manyProcessesMayCompileTheSameKernelConcurrently(@TempDir Path directory)
      throws IOException {
    byte[] code = new byte[100_000];
    new Random(2).nextBytes(code);
    IntStream.range(0, 64)
        .parallel()
        .forEach(
            i ->
                assertThat(
                        new KernelCache(directory)
                            .get("rows", "source", "sm_90", "13.0", code::clone))
                    .isEqualTo(code));
    assertThat(onlyFile(directory).toString()).endsWith(".bin");
  }
}
