package dev.mixlaw.train.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link RunStore} in a directory. {@code study.json} holds the description of the study and its
 * frozen values. {@code lock} names the process that uses it. {@code runs/IDENTITY} holds {@code
 * run.json}, {@code losses.json} and more.
 *
 * <p>{@code run.json} is written last: a run that has it is complete. Safe for use by several
 * threads.
 */
final class DirectoryRunStore implements RunStore {
  private static final int FORMAT = 1;
  private static final int MOST_DIFFERENCES = 20;

  /** {@code study.json}. */
  private record StudyFile(
      int format,
      @JsonSetter(contentNulls = Nulls.FAIL) List<String> description,
      @JsonSetter(contentNulls = Nulls.FAIL) LinkedHashMap<String, String> frozen) {}

  private final Path directory;
  private final Disk disk;
  private final DirectoryLock lock;
  private final List<String> description;
  private final LinkedHashMap<String, String> frozen = new LinkedHashMap<>();

  /**
   * Opens the directory of a study, and creates it if it is missing.
   *
   * @throws MixlawException if it is in use, damaged, not writable, or of another study
   */
  public DirectoryRunStore(Path directory, String studyDescription, Disk disk) {
    this.directory = directory;
    this.disk = disk;
    this.description = studyDescription.lines().toList();
    try {
      Files.createDirectories(directory.resolve("runs"));
      this.lock = DirectoryLock.acquire(directory);
    } catch (IOException e) {
      throw Disk.fault("the study's directory cannot be used", directory, e);
    }
    boolean ours = false;
    try {
      readOrWriteStudy();
      ours = true;
    } finally {
      if (!ours) {
        lock.close();
      }
    }
  }

  private void readOrWriteStudy() {
    Path file = directory.resolve("study.json");
    if (!Files.exists(file)) {
      writeStudy();
      return;
    }
    List<String> known;
    try {
      StudyFile study = JsonRecords.read(Files.readAllBytes(file), StudyFile.class, FORMAT);
      known = study.description();
      frozen.putAll(study.frozen());
    } catch (IOException e) {
      throw damaged("study.json", file, e, "delete the directory " + directory);
    }
    if (!known.equals(description)) {
      throw new MixlawException(MixlawException.Kind.STORAGE, differences(known), null);
    }
  }

  private List<Problem> differences(List<String> known) {
    List<String> before = new ArrayList<>(known);
    before.removeAll(description);
    List<String> now = new ArrayList<>(description);
    now.removeAll(known);
    List<Problem> problems = new ArrayList<>();
    for (String line : before) {
      String name = name(line);
      String other = now.stream().filter(l -> name(l).equals(name)).findFirst().orElse("");
      now.remove(other);
      problems.add(difference(name, other, line));
    }
    now.forEach(line -> problems.add(difference(name(line), line, "")));
    if (problems.isEmpty()) {
      problems.add(difference("the order of the description", "another order", "the stored order"));
    }
    return problems.subList(0, Math.min(problems.size(), MOST_DIFFERENCES));
  }

  private Problem difference(String name, String now, String before) {
    return new Problem(
        directory + " holds another study; it differs in " + name,
        now.isEmpty() ? "missing" : now,
        before.isEmpty() ? "nothing" : before,
        "another name in Study.named, another directory in Lab.open, or the old description");
  }

  private static String name(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? line : line.substring(0, colon);
  }

  private void writeStudy() {
    Path file = directory.resolve("study.json");
    try {
      disk.replace(file, JsonRecords.pretty(new StudyFile(FORMAT, description, frozen)));
    } catch (IOException e) {
      throw Disk.fault("study.json cannot be written", file, e);
    }
  }

  @Override
  public Path directory(String identity) {
    Path run = directory.resolve("runs").resolve(identity);
    try {
      return Files.createDirectories(run);
    } catch (IOException e) {
      throw Disk.fault("run " + identity + ": its directory cannot be created", run, e);
    }
  }

  @Override
  public Optional<RunResult> find(String identity) {
    Path run = directory.resolve("runs").resolve(identity);
    Path file = run.resolve("run.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          RunResultJson.read(
              identity,
              Files.readAllBytes(file),
              () -> Files.readAllBytes(run.resolve("losses.json"))));
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(
          "run.json or losses.json of run " + identity,
          run,
          e,
          "delete " + run + "; the run is then trained again");
    }
  }

  @Override
  public void save(RunResult result) {
    Path run = directory(result.identity());
    try {
      if (result.completed()) {
        disk.replace(run.resolve("losses.json"), RunResultJson.losses(result));
      }
      disk.replace(run.resolve("run.json"), RunResultJson.run(result));
      disk.sync(directory.resolve("runs"));
    } catch (IOException e) {
      throw Disk.fault("the result of " + result.key() + " cannot be written", run, e);
    }
  }

  @Override
  public synchronized void freeze(Map<String, String> values) {
    int before = frozen.size();
    values.forEach(frozen::putIfAbsent);
    if (frozen.size() > before) {
      writeStudy();
    }
  }

  @Override
  public synchronized Optional<String> frozen(String name) {
    return Optional.ofNullable(frozen.get(name));
  }

  @Override
  public void close() {
    lock.close();
  }

  private static MixlawException damaged(String what, Path where, Exception e, String remedy) {
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            what + " cannot be read (" + where + ")",
            String.valueOf(e.getMessage()),
            "a complete file",
            remedy),
        e);
  }
}
