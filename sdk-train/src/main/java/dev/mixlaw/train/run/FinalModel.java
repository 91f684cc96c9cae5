package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model that a run ends with: {@code model/} with {@code model.safetensors}, {@code
 * config.json} and {@code tokenizer.json} (where the tokenizer can be written so), which Hugging
 * Face's libraries load. The trainer's state, twice as large, is not kept.
 */
final class FinalModel {
  private FinalModel() {}

  /**
   * Keeps it, all or nothing.
   *
   * @param trainer what the engine saved at the last step
   */
  static void keep(Path trainer, Tokenizer tokenizer, Path runDirectory, Disk disk)
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
      disk.delete(model);
      disk.move(temporary, model);
    } catch (IOException | RuntimeException e) {
      disk.dropQuietly(temporary, e);
      throw e;
    }
  }
}
