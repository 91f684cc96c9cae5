package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.RunStoreFactory;
import dev.mixlaw.train.storage.Disk;
import java.nio.file.Path;

/**
 * Opens stores that keep each run in a directory of the file system.
 *
 * <p>The directory of a study holds {@code study.json} (its description and the values frozen at
 * its first start), {@code lock}, and {@code runs/IDENTITY} for each run. A run has {@code
 * run.json} (outcome, tokens, shares), {@code losses.json} (nats of every document of every
 * domain), {@code metrics.jsonl} (one line per step) and {@code model} (Hugging Face's Llama
 * layout). While it is training, it has checkpoints too. A failed run has {@code failure.txt} with
 * the stack trace.
 */
public final class DirectoryRunStores implements RunStoreFactory {
  private final Disk disk;

  public DirectoryRunStores() {
    this(new Disk());
  }

  DirectoryRunStores(Disk disk) {
    this.disk = disk;
  }

  @Override
  public RunStore open(Path directory, String studyDescription) {
    return new DirectoryRunStore(directory, studyDescription, disk);
  }
}
