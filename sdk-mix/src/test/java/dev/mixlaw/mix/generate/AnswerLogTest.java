package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.generate.AnswerLog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerLogTest {
  private static Entry full(String key) {
    return new Entry(key, "täxt\n\"1\" 😀", true, 3L, 4L, -7L);
  }

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("new/answers.jsonl");
  }

  private void write(String... keys) {
    try (AnswerLog log = AnswerLog.open(file)) {
      for (String key : keys) {
        log.add(full(key));
      }
    }
  }

  @Test
  void findsAnswersAfterARestart() {
    write("a");
    write("b");

    try (AnswerLog log = AnswerLog.open(file)) {
      assertThat(log.find("a")).contains(full("a"));
      assertThat(log.find("b")).contains(full("b"));
      assertThat(log.find("c")).isEmpty();
      log.add(new Entry("c", "x", false, null, null, null));
      assertThat(log.find("c")).contains(new Entry("c", "x", false, null, null, null));
      assertThat(log.find("a")).contains(full("a"));
    }
  }

  @Test
  void dropsAnIncompleteLastLine() throws IOException {
    write("a", "b");
    byte[] whole = Files.readAllBytes(file);
    int first = new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    for (int length = first; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (AnswerLog log = AnswerLog.open(file)) {
        assertThat(log.find("a")).contains(full("a"));
        assertThat(log.find("b")).isEmpty();
        log.add(full("b"));
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void reportsDamageInTheMiddle() throws IOException {
    write("a");
    Files.writeString(file, "{\"key\": \n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> AnswerLog.open(file))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 2 is damaged");
    Files.writeString(file, "{}\n");
    assertThatThrownBy(() -> AnswerLog.open(file)).hasMessageContaining("line 1 is damaged");
  }

  @Test
  void isLockedForOtherUsers() {
    try (AnswerLog log = AnswerLog.open(file)) {
      assertThatThrownBy(() -> AnswerLog.open(file)).hasMessageContaining("in use by another");
      log.add(full("a"));
    }
    write("b");
  }
}
