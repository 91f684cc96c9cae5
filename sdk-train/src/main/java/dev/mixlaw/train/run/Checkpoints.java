package dev.mixlaw.train.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checkpoints of a trunk or branch: {@code checkpoints/step-N/} with {@code trainer/} (written by
 * the engine), {@code metrics.jsonl} and {@code manifest.json} (size and CRC-32C of each file).
 *
 * <p>A checkpoint is written to a temporary directory, which is renamed when it is complete. The
 * two newest are kept, in case the newer one is damaged.
 */
final class Checkpoints {
  private static final int KEPT = 2;
  private static final String MANIFEST = "manifest.json";
  private static final Pattern NAME = Pattern.compile("step-(\\d+)");
  private static final int FORMAT = 1;

  /** {@code manifest.json}: size and CRC-32C of each file. */
  private record Manifest(
      int format, long step, @JsonSetter(contentNulls = Nulls.FAIL) List<Entry> files) {
    private record Entry(String name, long bytes, long crc32c) {}
  }

  private final Path directory;
  private final Disk disk;

  Checkpoints(Path runDirectory, Disk disk) {
    this.directory = runDirectory.resolve("checkpoints");
    this.disk = disk;
  }

  /**
   * A checkpoint on the disk, complete or not.
   *
   * @param step number of steps done
   */
  record Checkpoint(Path directory, long step) {
    Path trainer() {
      return directory.resolve("trainer");
    }

    Path metrics() {
      return directory.resolve("metrics.jsonl");
    }
  }

  /** Writes the content of a checkpoint. */
  @FunctionalInterface
  interface Content {
    void write(Checkpoint into) throws IOException;
  }

  /**
   * Returns the checkpoints with at most the given number of steps, newest first, without reading
   * them.
   */
  List<Checkpoint> upTo(long steps) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Checkpoint> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
        if (name.matches() && Long.parseLong(name.group(1)) <= steps) {
          found.add(new Checkpoint(entry, Long.parseLong(name.group(1))));
        }
      }
    }
    found.sort(Comparator.comparingLong(Checkpoint::step).reversed());
    return found;
  }

  /** Returns the checkpoint of a step, which may not exist. */
  Checkpoint at(long step) {
    return new Checkpoint(directory.resolve("step-" + step), step);
  }

  /**
   * Checks the size and CRC of every file of a checkpoint.
   *
   * @throws IOException that says what is wrong with it
   */
  void verify(Checkpoint checkpoint) throws IOException {
    Manifest manifest;
    try {
      manifest =
          JsonRecords.read(
              Files.readAllBytes(checkpoint.directory().resolve(MANIFEST)), Manifest.class, FORMAT);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(MANIFEST + " is damaged", e);
    }
    if (manifest.files().isEmpty() || manifest.step() != checkpoint.step()) {
      throw new IOException(MANIFEST + " is damaged");
    }
    for (Manifest.Entry entry : manifest.files()) {
      Path path = checkpoint.directory().resolve(entry.name());
      long actual = Files.exists(path) ? Files.size(path) : 0;
      if (actual != entry.bytes()) {
        throw new IOException(entry.name() + " has " + actual + " of " + entry.bytes() + " bytes");
      }
      if (crc(path) != entry.crc32c()) {
        throw new IOException(entry.name() + " does not match its checksum");
      }
    }
  }

  /** Writes a checkpoint and deletes all but the newest two. */
  void save(long step, Content content) throws IOException {
    Files.createDirectories(directory);
    Path target = at(step).directory();
    Path temporary = directory.resolve(".new-step-" + step);
    try {
      disk.delete(temporary);
      Checkpoint fresh = new Checkpoint(temporary, step);
      Files.createDirectories(fresh.trainer());
      content.write(fresh);
      seal(fresh);
      disk.delete(target);
      disk.move(temporary, target);
    } catch (IOException | RuntimeException e) {
      disk.dropQuietly(temporary, e);
      throw e;
    }
    List<Checkpoint> all = upTo(step);
    for (Checkpoint old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      disk.delete(old.directory());
    }
  }

  private void seal(Checkpoint fresh) throws IOException {
    List<Manifest.Entry> files = new ArrayList<>();
    List<Path> all;
    try (Stream<Path> walk = Files.walk(fresh.directory())) {
      all = walk.sorted().toList();
    }
    for (Path path : all) {
      disk.sync(path);
      if (Files.isRegularFile(path)) {
        String name = fresh.directory().relativize(path).toString().replace('\\', '/');
        files.add(new Manifest.Entry(name, Files.size(path), crc(path)));
      }
    }
    disk.write(
        fresh.directory().resolve(MANIFEST),
        JsonRecords.compact(new Manifest(FORMAT, fresh.step(), files)));
    disk.sync(fresh.directory());
  }

  /** Renames a checkpoint that cannot be used, so that it is not found again. */
  void setAside(Checkpoint checkpoint) throws IOException {
    Path aside = directory.resolve("unusable-step-" + checkpoint.step());
    disk.delete(aside);
    disk.move(checkpoint.directory(), aside);
  }

  void deleteAll() throws IOException {
    disk.delete(directory);
  }

  private static long crc(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return crc.getValue();
  }
}
