package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a lab, in a directory that several threads, processes and hosts may use
 * concurrently.
 *
 * <ul>
 *   <li>{@code runs/RUN} is the directory of a run. The directory contains {@code run.json} with
 *       the outcome, {@code metrics.jsonl} with one line per step, {@code model} in Hugging Face's
 *       format, and {@code failure.txt} with the kind and the stack trace of a failure. Checkpoints
 *       are in the directory while the run is being trained. The directory of a trunk keeps the
 *       checkpoints from which runs branch off.
 *   <li>{@code measurements/RUN} contains a file for each domain or test on which a run was
 *       measured.
 *   <li>{@code studies/NAME} contains {@code study.json}, which describes a study and lists its
 *       runs. The directory {@code ended/DIGEST} contains an empty file for each job of the study
 *       that has ended.
 *   <li>{@code tokenizers} contains the trained tokenizers.
 *   <li>{@code claims} contains a file for each job that is being executed.
 * </ul>
 *
 * <p>The checksum of a record is verified when the record is read. If the process is killed, each
 * file has either its old or its new content. A file name is a path relative to the lab, such as
 * {@code runs/ID/run.json}. Methods throw a {@link MixlawException} of kind STORAGE if a file
 * operation fails.
 */
class LabStore {
  private final Path root;
  private final Disk disk;

  LabStore(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run(Path file) throws IOException;
  }

  @FunctionalInterface
  private interface Action {
    void run(Path file) throws IOException;
  }

  /**
   * Opens a lab, whose directory need not exist. Opening writes nothing.
   *
   * @throws MixlawException if the directory has the layout of an older version, in which each
   *     study had its own {@code runs}
   */
  static LabStore open(Path directory, Disk disk) {
    LabStore store = new LabStore(directory, disk);
    for (String name : store.list("")) {
      if (Files.exists(directory.resolve(name).resolve("study.json"))) {
        throw MixlawException.storage(
            "the lab's directory " + directory,
            "contains studies of an older version of Mixlaw, such as " + name,
            "a lab of this version, whose runs are in " + directory.resolve("runs"),
            "use another directory in Lab.open, or move the old studies elsewhere");
      }
    }
    return store;
  }

  private <T> T run(String what, String name, Operation<T> operation) {
    Path file = directory(name);
    try {
      return operation.run(file);
    } catch (IOException e) {
      throw Disk.fault(name + " cannot be " + what, file, e);
    }
  }

  private Path apply(String what, String name, Action action) {
    return run(
        what,
        name,
        file -> {
          action.run(file);
          return file;
        });
  }

  Optional<byte[]> read(String name) {
    return run("read", name, disk::read);
  }

  void write(String name, byte[] content) {
    apply("written", name, file -> disk.replace(noLink(file), content));
  }

  /**
   * Writes a file unless it exists. If several callers do so at the same time, exactly one
   * succeeds. Returns whether this call wrote the file.
   */
  boolean create(String name, byte[] content) {
    return run("written", name, file -> disk.create(noLink(file), content));
  }

  /** Creates a file unless it exists, like {@link Disk#reserve}. */
  boolean reserve(String name, byte[] content) {
    return run("written", name, file -> disk.reserve(noLink(file), content));
  }

  /** Overwrites a file in place. Returns false if the file does not exist. */
  boolean overwrite(String name, byte[] content) {
    return run("written", name, file -> disk.overwrite(file, content));
  }

  private static Path noLink(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      throw new IOException(file + " is a symbolic link");
    }
    return file;
  }

  /**
   * Returns the sorted names in a directory, or an empty list if it does not exist. Hidden files
   * are left out, such as those that NFS keeps for deleted files that are still open.
   */
  List<String> list(String folder) {
    return run("listed", folder, disk::list).stream()
        .filter(n -> !n.startsWith(".") && !n.endsWith(".tmp"))
        .sorted()
        .toList();
  }

  void delete(String name) {
    apply("deleted", name, disk::delete);
  }

  /** Returns the path at which the current content of a file or directory can be read. */
  Path fetch(String name) {
    return apply("fetched", name, disk::fetch);
  }

  /** Makes the token shards of a study available to all processes. */
  void shareText(PreparedData text) {
    Stream<TextFacts> texts =
        Stream.of(text.corpora(), text.domains()).flatMap(List::stream).map(TokenizedText::facts);
    shards(new Disk(), texts).forEach(shard -> apply("shared", shard, disk::share));
  }

  /** Makes the token shards of a study available to this process. */
  void fetchText(Provenance study) {
    shards(disk, Stream.of(study.corpora(), study.domains()).flatMap(List::stream))
        .forEach(this::fetch);
  }

  /** Returns the token shards of texts. The name of a shard begins with the name of its text. */
  private List<String> shards(Disk listed, Stream<TextFacts> texts) {
    List<String> beginnings = texts.map(text -> text.name() + "-").toList();
    return Stream.of("/corpora", "/domains")
        .map(DataPreparer.DIRECTORY::concat)
        .flatMap(
            folder ->
                run("listed", folder, listed::list).stream()
                    .filter(name -> beginnings.stream().anyMatch(name::startsWith))
                    .map(name -> folder + "/" + name))
        .toList();
  }

  /** Waits until other processes can list a new file or directory. */
  void awaitListed(String name) {
    apply("listed", name, disk::awaitListed);
  }

  /** Reads a file that this process has written or fetched. Returns empty if it does not exist. */
  Optional<byte[]> readFetched(String name) {
    return run("read", name, new Disk()::read);
  }

  /** Returns the path of a file or directory, which need not exist. */
  Path directory(String name) {
    Path path = root.resolve(name).normalize();
    if (!path.startsWith(root.normalize())) {
      throw MixlawException.storage(
          "name in the lab", name, "a path below " + root, "report this as a bug");
    }
    return path;
  }
}
