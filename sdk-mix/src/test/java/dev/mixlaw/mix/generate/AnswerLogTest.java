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
  }

  /** A damaged answer that is read without an error would silently change a document. */
  @Test
  void noFlippedBitChangesAnAnswer() throws IOException {
    write("a", "b");
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      try (AnswerLog log = AnswerLog.open(file)) {
        assertThat(log.find("a")).contains(full("a"));
        assertThat(bit / 8).as("the last line is incomplete").isEqualTo(whole.length - 1);
        assertThat(log.find("b")).isEmpty();
      } catch (MixlawException noticed) {
        assertThat(noticed).hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void filesOfTheUserAreLeftAlone() throws IOException {
    Path own = directory.resolve("answers.jsonl");
    for (String text : new String[] {"my answers", "{\"question\": 1}\n", "{"}) {
      Files.writeString(own, text);
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      Files.createSymbolicLink(file, own);

      assertThatThrownBy(() -> AnswerLog.open(file)).hasMessageContaining("a symbolic link");
      if (text.length() > 1) {
        assertThatThrownBy(() -> AnswerLog.open(own))
            .hasMessageContaining("not written by a generation");
        assertThat(own).hasContent(text);
      }
    }
  }

  @Test
  void isLockedForOtherUsers() throws IOException {
    try (AnswerLog log = AnswerLog.open(file)) {
      boolean shown = isLocked();
      assertThatThrownBy(() -> AnswerLog.open(file)).hasMessageContaining("in use by another");
      assertThat(isLocked()).as("the refused user leaves the lock").isEqualTo(shown);
      log.add(full("a"));
    }
    write("b");
  }

  /**
   * Returns whether the operating system lists a lock on the file; some systems do not list locks.
   */
  private boolean isLocked() throws IOException {
    Path locks = Path.of("/proc/locks");
    return Files.isReadable(locks)
        && Files.readString(locks).contains(":" + Files.getAttribute(file, "unix:ino") + " ");
  }
}
