package dev.mixlaw.train.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.train.storage.DiskContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;

class HadoopDiskTest extends DiskContract {
  private final URI store = URI.create("memory://test/" + UUID.randomUUID());
  private final AtomicInteger members = new AtomicInteger();

  private FileSystem files() {
    Configuration conf = new Configuration(false);
    conf.set("fs.memory.impl", MemoryFileSystem.class.getName());
    try {
      return FileSystem.get(store, conf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Member member(FileSystem files) {
    Path root = directory.resolve("member" + members.getAndIncrement());
    return new Member(root, new HadoopDisk(root, files, new org.apache.hadoop.fs.Path(store)));
  }

  @Override
  protected Member member() {
    return member(files());
  }

  /** Returns a file system that runs an action before the creation of its n-th file. */
  private FileSystem before(int n, Action action) {
    return new FilterFileSystem(files()) {
      private int created;

      @Override
      public FSDataOutputStream create(
          org.apache.hadoop.fs.Path file,
          FsPermission permission,
          boolean overwrite,
          int bufferSize,
          short replication,
          long blockSize,
          Progressable progress)
          throws IOException {
        if (++created == n) {
          action.run();
        }
        return super.create(
            file, permission, overwrite, bufferSize, replication, blockSize, progress);
      }
    };
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private static void moveModel(Member member) throws IOException {
    Path fresh = member.root().resolve("runs/a/.new");
    Files.createDirectories(fresh);
    Files.writeString(fresh.resolve("a"), "1");
    Files.writeString(fresh.resolve("b"), "2");
    member.disk().move(fresh, member.root().resolve("runs/a/model"));
  }

  @Test
  void aProcessDoesNotDeleteFilesThatAnotherOneIsStoring() throws IOException {
    Member first = member();
    Member second = member(before(2, () -> moveModel(first)));
    moveModel(second);

    Member other = member();
    for (int i = 0; i < 2 * MemoryFileSystem.LAG; i++) {
      other.disk().fetch(other.root().resolve("runs/a"));
    }
    assertThat(other.root().resolve("runs/a/model/a")).hasContent("1");
    assertThat(other.root().resolve("runs/a/model/b")).hasContent("2");
  }

  @Test
  void aDirectoryIsNotFetchedUntilAllItsFilesAreStored() throws IOException {
    Member dying =
        member(
            before(
                3,
                () -> {
                  throw new IOException("killed before the mark");
                }));
    assertThatThrownBy(() -> moveModel(dying)).hasMessageContaining("killed");

    Member other = member();
    for (int i = 0; i < 2 * MemoryFileSystem.LAG; i++) {
      other.disk().fetch(other.root().resolve("runs/a"));
    }
    assertThat(other.root().resolve("runs/a/model")).doesNotExist();

    // The next attempt replaces the incomplete directory.
    dying.disk().delete(dying.root().resolve("runs/a/model"));
    Path fresh = dying.root().resolve("runs/a/.new");
    Files.createDirectories(fresh);
    Files.write(fresh.resolve("a"), "3".getBytes(UTF_8));
    dying.disk().move(fresh, dying.root().resolve("runs/a/model"));
    for (int i = 0; i < 2 * MemoryFileSystem.LAG; i++) {
      other.disk().fetch(other.root().resolve("runs/a"));
    }
    assertThat(other.root().resolve("runs/a/model/a")).hasContent("3");
    assertThat(other.root().resolve("runs/a/model/b")).doesNotExist();
  }
}
