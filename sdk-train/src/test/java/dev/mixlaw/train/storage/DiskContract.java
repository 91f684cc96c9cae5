package dev.mixlaw.train.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The properties that a lab requires of its disk if several processes share it. */
public abstract class DiskContract {
  /** Number of times that a directory must be listed until the list shows a change. */
  private static final int PATIENCE = 20;

  @TempDir protected Path directory;

  /**
   * One of the processes that share a lab.
   *
   * @param root directory of the lab in this process
   * @param disk disk through which the process accesses the lab
   */
  public record Member(Path root, Disk disk) {
    Path path(String name) {
      return root.resolve(name);
    }

    String text(String name) throws IOException {
      return new String(disk.read(path(name)).orElseThrow(), UTF_8);
    }

    /** Writes a directory of files under a hidden name, and then renames it to {@code name}. */
    void publish(String name, String content) throws IOException {
      Path fresh = path(name).resolveSibling(".new");
      Files.createDirectories(fresh.resolve("inner"));
      disk.write(fresh.resolve("a"), content.getBytes(UTF_8));
      disk.write(fresh.resolve("inner/b"), content.repeat(1000).getBytes(UTF_8));
      disk.delete(path(name));
      disk.move(fresh, path(name));
    }
  }

  /** Returns another process that shares the lab. */
  protected abstract Member member();

  private static void assertContent(Path published, String content) {
    assertThat(published.resolve("a")).hasContent(content);
    assertThat(published.resolve("inner/b")).hasContent(content.repeat(1000));
  }

  private static void assertListed(Member member, String folder, String... names)
      throws IOException {
    List<String> listed = List.of();
    for (int i = 0; i < PATIENCE && listed.size() != names.length; i++) {
      listed = member.disk.list(member.path(folder));
    }
    assertThat(listed).containsExactlyInAnyOrder(names);
  }

  @Test
  void aFileIsCreatedOnce() throws Exception {
    List<Member> members = List.of(member(), member(), member(), member());
    ExecutorService threads = Executors.newFixedThreadPool(members.size());
    try {
      for (int i = 0; i < 20; i++) {
        String name = "claims/job" + i;
        boolean reserved = i % 2 == 0;
        List<Callable<Boolean>> all = new ArrayList<>();
        members.forEach(
            m ->
                all.add(
                    () -> {
                      byte[] content = m.toString().getBytes(UTF_8);
                      return reserved
                          ? m.disk.reserve(m.path(name), content)
                          : m.disk.create(m.path(name), content);
                    }));
        List<Member> owners = new ArrayList<>();
        List<Future<Boolean>> created = threads.invokeAll(all);
        for (int m = 0; m < members.size(); m++) {
          if (created.get(m).get()) {
            owners.add(members.get(m));
          }
        }
        assertThat(owners).hasSize(1);
        assertThat(members.get(i % 4).text(name)).isEqualTo(owners.get(0).toString());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void otherProcessesReadTheLastWrittenContent() throws IOException {
    Member one = member();
    Member other = member();
    assertThat(other.disk.read(other.path("runs/a/run.json"))).isEmpty();
    assertThat(other.disk.list(other.path("runs"))).isEmpty();

    one.disk.replace(one.path("runs/a/run.json"), "1".getBytes(UTF_8));
    assertThat(other.text("runs/a/run.json")).isEqualTo("1");
    other.disk.replace(other.path("runs/a/run.json"), "22".getBytes(UTF_8));
    assertThat(one.text("runs/a/run.json")).isEqualTo("22");
    assertThat(one.disk.create(one.path("runs/a/run.json"), "3".getBytes(UTF_8))).isFalse();
    assertThat(one.text("runs/a/run.json")).isEqualTo("22");
    assertListed(other, "runs/a", "run.json");
    assertListed(other, "runs", "a");

    one.disk.delete(one.path("runs/a"));
    assertThat(other.disk.read(other.path("runs/a/run.json"))).isEmpty();
    assertListed(other, "runs/a");
    one.disk.delete(one.path("runs/a"));
  }

  @Test
  void onlyAnExistingFileIsOverwritten() throws IOException {
    Member one = member();
    Member other = member();
    assertThat(one.disk.overwrite(one.path("claims/a"), "1".getBytes(UTF_8))).isFalse();
    assertThat(other.disk.read(other.path("claims/a"))).isEmpty();

    one.disk.create(one.path("claims/a"), "123".getBytes(UTF_8));
    assertThat(one.disk.overwrite(one.path("claims/a"), "4".getBytes(UTF_8))).isTrue();
    assertThat(other.text("claims/a")).isEqualTo("4");

    other.disk.delete(other.path("claims/a"));
    assertThat(one.disk.overwrite(one.path("claims/a"), "5".getBytes(UTF_8))).isFalse();
    assertThat(other.disk.read(other.path("claims/a"))).isEmpty();
  }

  @Test
  void aDirectoryWithItsFinalNameCanBeFetched() throws IOException {
    Member one = member();
    one.publish("runs/a/checkpoints/step-5", "five");
    one.publish("runs/a/checkpoints/step-9", "nine");
    Member other = member();
    settle(other, "runs/a/checkpoints");
    other.disk.fetch(other.path("runs/a"));
    assertContent(other.path("runs/a/checkpoints/step-5"), "five");
    assertContent(other.path("runs/a/checkpoints/step-9"), "nine");

    other.disk.delete(other.path("runs/a/checkpoints/step-9"));
    Member third = member();
    settle(third, "runs/a/checkpoints");
    third.disk.fetch(third.path("runs/a"));
    assertContent(third.path("runs/a/checkpoints/step-5"), "five");
    assertThat(third.path("runs/a/checkpoints/step-9")).doesNotExist();
    third.disk.fetch(third.path("runs/missing"));
  }

  @Test
  void aReplacedDirectoryIsFetchedCompletely() throws Exception {
    Member writer = member();
    writer.publish("runs/a/model", "0");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> writing =
          thread.submit(
              () -> {
                for (int i = 1; i < 10; i++) {
                  writer.publish("runs/a/model", "" + i);
                }
                return true;
              });
      while (!writing.isDone()) {
        Member reader = member();
        if (!reader.root.equals(writer.root)) { // one directory is replaced in two steps
          reader.disk.fetch(reader.path("runs/a"));
          if (Files.exists(reader.path("runs/a/model"))) {
            String content = Files.readString(reader.path("runs/a/model/a"));
            assertContent(reader.path("runs/a/model"), content);
          }
        }
      }
      assertThat(writing.get()).isTrue();
    } finally {
      thread.shutdown();
    }
    Member last = member();
    settle(last, "runs/a/model");
    last.disk.fetch(last.path("runs/a"));
    assertContent(last.path("runs/a/model"), "9");
  }

  @Test
  void aFileIsFetched() throws IOException {
    Member one = member();
    one.disk.replace(one.path("tokenizers/t.json"), "{}".getBytes(UTF_8));
    Member other = member();
    other.disk.fetch(other.path("tokenizers/t.json"));
    assertThat(other.path("tokenizers/t.json")).hasContent("{}");
  }

  /** Lists a folder often enough that later lists show all changes. */
  private static void settle(Member member, String folder) throws IOException {
    for (int i = 0; i < PATIENCE; i++) {
      member.disk.list(member.path(folder));
    }
  }
}
