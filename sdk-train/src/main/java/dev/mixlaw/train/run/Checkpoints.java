package dev.mixlaw.train.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a trunk or branch of a {@link RunJob}. The directory {@code
 * checkpoints/step-N/} contains {@code trainer/}, which the engine writes, {@code metrics.jsonl},
 * and {@code manifest.json} with the size and CRC-32C of each file.
 *
 * <p>A checkpoint is written to a temporary directory, which is then renamed. The two newest
 * checkpoints are kept, in case the newest one is damaged.
 */
final class Checkpoints {
  private static final int KEPT = 2;
  private static final String BRANCH_POINT = "branch-point";
  private static final String MANIFEST = "manifest.json";
  private static final Pattern NAME = Pattern.compile("step-(\\d+)");
  private static final int FORMAT = 2;

  private record Manifest(
      int format, long step, @JsonSetter(contentNulls = Nulls.FAIL) List<FileSum> files) {}

  private final Path directory;
  private final Disk disk;

  Checkpoints(Path runDirectory, Disk disk) {
    this.directory = runDirectory.resolve("checkpoints");
    this.disk = disk;
  }

  /**
   * A checkpoint on disk, which may be incomplete or damaged.
   *
   * @param step number of completed steps
   */
  record Checkpoint(Path directory, long step) {
    Path trainer() {
      return directory.resolve("trainer");
    }

    Path metrics() {
      return directory.resolve("metrics.jsonl");
    }

    boolean isBranchPoint() {
      return Files.exists(directory.resolve(BRANCH_POINT));
    }
  }

  @FunctionalInterface
  interface Content {
    void write(Checkpoint into) throws IOException;
  }

  /** Returns the checkpoints with at most the given number of steps, newest first. */
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

  Checkpoint at(long step) {
    return new Checkpoint(directory.resolve("step-" + step), step);
  }

  /**
   * Checks the size and CRC-32C of each file in a checkpoint.
   *
   * @throws IOException if a file is damaged or missing; the message names the file
   */
  void verify(Checkpoint checkpoint) throws IOException {
    Manifest manifest;
    try {
      manifest =
          JsonRecords.unsealed(
              Files.readAllBytes(checkpoint.directory().resolve(MANIFEST)), Manifest.class, FORMAT);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(MANIFEST + " is damaged", e);
    }
    if (manifest.files().isEmpty() || manifest.step() != checkpoint.step()) {
      throw new IOException(MANIFEST + " is damaged");
    }
    FileSum.verify(checkpoint.directory(), manifest.files());
  }

  /**
   * Writes a checkpoint, and then deletes all checkpoints except the two newest and those at branch
   * points.
   *
   * @param branchPoint whether a run branches off at this step
   */
  void save(long step, boolean branchPoint, Content content) throws IOException {
    Files.createDirectories(directory);
    Path target = at(step).directory();
    Path temporary = directory.resolve(".new-step-" + step);
    try {
      disk.delete(temporary);
      Checkpoint fresh = new Checkpoint(temporary, step);
      Files.createDirectories(fresh.trainer());
      content.write(fresh);
      if (branchPoint) {
        disk.write(fresh.directory().resolve(BRANCH_POINT), new byte[0]);
      }
      seal(fresh);
      disk.delete(target);
      disk.move(temporary, target);
    } catch (IOException | RuntimeException e) {
      disk.dropQuietly(temporary, e);
      throw e;
    }
    List<Checkpoint> others = upTo(step).stream().filter(c -> !c.isBranchPoint()).toList();
    for (Checkpoint old : others.subList(Math.min(KEPT, others.size()), others.size())) {
      disk.delete(old.directory());
    }
  }

  private void seal(Checkpoint fresh) throws IOException {
    try (Stream<Path> walk = Files.walk(fresh.directory())) {
      for (Path path : walk.toList()) {
        disk.sync(path);
      }
    }
    List<FileSum> files = FileSum.of(fresh.directory());
    disk.write(
        fresh.directory().resolve(MANIFEST),
        JsonRecords.sealedCompact(new Manifest(FORMAT, fresh.step(), files)));
    disk.sync(fresh.directory());
  }

  void setAside(Checkpoint checkpoint) throws IOException {
    Path aside = directory.resolve("unusable-step-" + checkpoint.step());
    disk.delete(aside);
    disk.move(checkpoint.directory(), aside);
  }

  void deleteAll() throws IOException {
    disk.delete(directory);
  }

  /** Returns whether there are no checkpoints, not even incomplete ones. */
  boolean isEmpty() {
    return !Files.exists(directory);
  }

  void deleteOthers() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> entries = Files.list(directory)) {
      all = entries.toList();
    }
    for (Path entry : all) {
      boolean kept =
          NAME.matcher(String.valueOf(entry.getFileName())).matches()
              && new Checkpoint(entry, 0).isBranchPoint();
      if (!kept) {
        disk.delete(entry);
      }
    }
  }
}
