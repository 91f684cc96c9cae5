package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.LabStore;
import dev.mixlaw.api.internal.spi.LabStoreFactory;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens stores that keep a lab in a directory of the file system.
 *
 * <ul>
 *   <li>{@code runs/RUN} holds a run: {@code run.json} (outcome, tokens, shares), {@code
 *       metrics.jsonl} (one line per step), {@code model} (Hugging Face's Llama layout), and {@code
 *       failure.txt} with the stack trace of a failure. While it is training, it has checkpoints
 *       too. The trunk of several budgets keeps the checkpoints from which they branch off.
 *   <li>{@code measurements/RUN} holds a file for each domain and test on which a run was measured.
 *   <li>{@code studies/NAME} holds {@code study.json}: the description of a study and its runs.
 *   <li>{@code tokenizers} holds trained tokenizers.
 *   <li>{@code claims} holds a file for each job that a process is working on.
 * </ul>
 *
 * <p>Every record has a checksum, which is verified when the record is read.
 */
public final class DirectoryLabStores implements LabStoreFactory {
  private final Disk disk;

  public DirectoryLabStores() {
    this(new Disk());
  }

  DirectoryLabStores(Disk disk) {
    this.disk = disk;
  }

  @Override
  public LabStore open(Path directory) {
    refuseOldLayout(directory);
    return new DirectoryLabStore(directory, disk);
  }

  /**
   * Refuses a directory that an older version created, in which each study had its own {@code
   * runs}.
   */
  private static void refuseOldLayout(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> old = entries.filter(e -> Files.exists(e.resolve("study.json"))).sorted().toList();
      if (!old.isEmpty()) {
        throw new MixlawException(
            MixlawException.Kind.STORAGE,
            new Problem(
                "the lab's directory " + directory,
                "holds studies from an older version of Mixlaw, such as "
                    + old.get(0).getFileName(),
                "a lab of this version, whose runs are in " + directory.resolve("runs"),
                "use another directory in Lab.open, or move the old studies elsewhere"));
      }
    } catch (IOException e) {
      throw Disk.fault("the lab's directory cannot be used", directory, e);
    }
  }
}
