package dev.mixlaw.api.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path directory;

  @Test
  void aFileIsReplacedAsAWhole() throws IOException {
    Path file = directory.resolve("new/file");

    DurableFile.write(file, "old".getBytes(StandardCharsets.UTF_8));
    DurableFile.write(file, "new".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("new");
    assertThat(names(file.getParent())).containsExactly("file");
  }

  @Test
  void aFileThatIsOpenForAMomentIsReplacedOnWindows() throws IOException {
    Path from = Files.writeString(directory.resolve("new"), "new");
    Path to = Files.writeString(directory.resolve("old"), "old");
    AtomicInteger refusals = new AtomicInteger(2);
    DurableFile.Naming windows =
        (source, target) -> {
          if (refusals.getAndDecrement() > 0) {
            throw new AccessDeniedException(target.toString());
          }
          DurableFile.rename(source, target);
        };

    DurableFile.rename(from, to, 3, windows);
    assertThat(to).hasContent("new");
    assertThat(from).doesNotExist();

    refusals.set(3);
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> DurableFile.rename(to, from, 3, windows));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> DurableFile.rename(directory.resolve("missing"), to));
  }

  @Test
  void othersReadWhatIsBeingWritten() throws IOException {
    Path file = directory.resolve("file");
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);

    DurableFile.write(
        file,
        channel -> {
          DurableFile.writeFully(channel, content);
          // Windows refuses to read a locked range through another channel.
          assertThatExceptionOfType(OverlappingFileLockException.class)
              .isThrownBy(() -> channel.tryLock(Long.MAX_VALUE - 1, 1, false));
          channel.tryLock(0, 1L << 40, false).close();
        });
    assertThat(file).hasBinaryContent(content);
  }

  @Test
  void whatFailsHalfWayLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = directory.resolve("file");
    DurableFile.write(file, "old".getBytes(StandardCharsets.UTF_8));

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(
            () ->
                DurableFile.write(
                    file,
                    channel -> {
                      DurableFile.writeFully(channel, "ne".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("No space left on device");
                    }))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .withMessageContainingAll("file", "No space left on device");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                DurableFile.write(
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

      DurableFile.write(directory.resolve("file"), "new".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(names(directory)).containsExactly("file", "file.living.tmp", "other.dead.tmp");
  }

  @Test
  void writersOfOneFileDoNotDisturbEachOther() throws Exception {
    Path file = directory.resolve("file");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] bytes = "x".repeat(100 + i).getBytes(StandardCharsets.UTF_8);
        writers.add(
            () -> {
              DurableFile.write(file, bytes);
              return null;
            });
      }
      for (Future<Void> written : threads.invokeAll(writers)) {
        written.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(Files.size(file)).isBetween(100L, 140L);
    assertThat(names(directory)).containsExactly("file");
  }

  /** Writes files with four threads, while another process does the same. */
  static final class Writers {
    private static final int THREADS = 4;

    private Writers() {}

    /**
     * Writes files that both processes share, and one file of its own.
     *
     * @param args directory, name of the own file, and number of writes of all threads together
     */
    public static void main(String[] args) throws Exception {
      write(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
    }

    static void write(Path directory, String own, int writes) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Callable<Void>> writers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          writers.add(
              () -> {
                for (int i = 0; i < writes / THREADS; i++) {
                  String name = i % 5 == 4 ? own : "file-" + i % 5;
                  byte[] content = ("content " + i).repeat(3).getBytes(StandardCharsets.UTF_8);
                  DurableFile.replace(
                      directory.resolve(name), c -> DurableFile.writeFully(c, content));
                }
                return null;
              });
        }
        for (Future<Void> written : threads.invokeAll(writers)) {
          written.get();
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void writersOfTwoProcessesDoNotDisturbEachOther() throws Exception {
    writeInTwoProcesses(400);
  }

  @Test
  @Tag("long")
  void manyWritersOfTwoProcessesDoNotDisturbEachOther() throws Exception {
    writeInTwoProcesses(4 * 20_000);
  }

  private void writeInTwoProcesses(int writes) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Writers.class.getName(),
                directory.toString(),
                "theirs",
                Integer.toString(writes))
            .inheritIO()
            .start();

    Writers.write(directory, "ours", writes);

    assertThat(other.waitFor()).isZero();
    assertThat(names(directory))
        .containsExactly("file-0", "file-1", "file-2", "file-3", "ours", "theirs");
    for (String name : names(directory).toList()) {
      assertThat(directory.resolve(name)).content().matches("(content \\d+){3}");
    }
  }

  @Test
  void aDirectoryIsNoFile() {
    for (Path path : new Path[] {directory, directory.getRoot()}) {
      assertThatExceptionOfType(MixlawException.class)
          .isThrownBy(() -> DurableFile.write(path, "new".getBytes(StandardCharsets.UTF_8)))
          .withMessageContainingAll(path.toString(), "directory");
    }
  }

  private static Stream<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }
}
