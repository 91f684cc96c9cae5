package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A lock that gives one process exclusive use of a directory. The operating system releases it when
 * the process ends. The lock file stays and names the last owner.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Acquires the lock.
   *
   * @throws MixlawException if another store has it, in this process or in another
   */
  static DirectoryLock acquire(Path directory) throws IOException {
    Path file = directory.resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = channel.tryLock() != null;
      if (taken) {
        String owner = "process " + ProcessHandle.current().pid() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another store of this process has it: said below.
    } catch (IOException e) {
      taken = false;
      throw e;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    throw inUse(directory, file);
  }

  private static MixlawException inUse(Path directory, Path file) throws IOException {
    String owner = Files.readString(file).strip();
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            "the study's directory " + directory,
            "in use by " + (owner.isEmpty() ? "another process" : owner),
            "one process at a time",
            "wait for it to end, or use another directory in Lab.open"));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
