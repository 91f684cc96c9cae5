package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the final model of a run to {@code model/} in Hugging Face's format: {@code
 * model.safetensors}, {@code config.json} and, if the tokenizer can be saved, {@code
 * tokenizer.json}. The optimizer state is not kept, because it is twice as large as the model.
 */
final class FinalModel {
  private FinalModel() {}

  /**
   * Writes the model atomically, and returns its files.
   *
   * @param trainer directory to which the engine saved the last step
   */
  static List<FileSum> keep(Path trainer, Tokenizer tokenizer, Path runDirectory, Disk disk)
      throws IOException {
    Path temporary = runDirectory.resolve(".new-model");
    Path model = runDirectory.resolve("model");
    try {
      disk.delete(temporary);
      Files.createDirectories(temporary);
      for (String name : new String[] {"model.safetensors", "config.json"}) {
        Files.copy(trainer.resolve(name), temporary.resolve(name));
        disk.sync(temporary.resolve(name));
      }
      Path tokenizerJson = temporary.resolve("tokenizer.json");
      if (tokenizer.save(tokenizerJson)) {
        disk.sync(tokenizerJson);
      }
      disk.sync(temporary);
      List<FileSum> files = FileSum.of(temporary);
      disk.delete(model);
      disk.move(temporary, model);
      return files;
    } catch (IOException | RuntimeException e) {
      disk.dropQuietly(temporary, e);
      throw e;
    }
  }
}
