package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.RunStoreFactory;
import dev.mixlaw.train.storage.Disk;
import java.nio.file.Path;

/**
 * Keeps runs in directories of the file system, one a run.
 *
 * <p>A study's directory holds {@code study.json} (its description and what the first start froze),
 * {@code lock}, and {@code runs/IDENTITY} with {@code run.json} (outcome, tokens, shares), {@code
 * losses.json} (nats of every document of every domain), {@code metrics.jsonl} (a line a step) and
 * {@code model} (Hugging Face's Llama layout). While a run trains its checkpoints are there too.
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
