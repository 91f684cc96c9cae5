package dev.mixlaw.api.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void aFileIsReplacedAsAWhole() throws IOException {
    Path file = directory.resolve("new/file");

    AtomicFile.write(file, "old".getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(file, "new".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("new");
    assertThat(names(file.getParent())).containsExactly("file");
  }

  @Test
  void whatFailsHalfWayLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = directory.resolve("file");
    AtomicFile.write(file, "old".getBytes(StandardCharsets.UTF_8));

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    channel -> {
                      AtomicFile.writeFully(channel, "ne".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("No space left on device");
                    }))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .withMessageContainingAll("file", "No space left on device");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    channel -> {
                      throw new IllegalStateException("the content is at fault");
                    }));

    assertThat(file).hasContent("old");
    assertThat(names(directory)).containsExactly("file");
  }

  @Test
  void whatAKilledWriterLeftIsRemovedAndWhatALivingOneWritesIsNot() throws IOException {
    Files.writeString(directory.resolve("file.dead.tmp"), "half");
    Files.writeString(directory.resolve("other.dead.tmp"), "half");
    try (FileChannel living =
        FileChannel.open(
            directory.resolve("file.living.tmp"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      living.lock();

      AtomicFile.write(directory.resolve("file"), "new".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(names(directory)).containsExactly("file", "file.living.tmp", "other.dead.tmp");
  }

  @Test
  void aDirectoryIsNoFile() {
    for (Path path : new Path[] {directory, directory.getRoot()}) {
      assertThatExceptionOfType(MixlawException.class)
          .isThrownBy(() -> AtomicFile.write(path, "new".getBytes(StandardCharsets.UTF_8)))
          .withMessageContainingAll(path.toString(), "directory");
    }
  }

  private static Stream<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }
}
