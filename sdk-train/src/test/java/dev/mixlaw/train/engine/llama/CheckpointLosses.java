package dev.mixlaw.train.engine.llama;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A program that prints the losses of tokens by a checkpoint as a JSON array, in nats, for a
 * comparison with another program. Its arguments are an engine, the directory of the checkpoint,
 * and a file with a JSON array of rows of token ids; all rows have the same length.
 */
final class CheckpointLosses {
  private CheckpointLosses() {}

  public static void main(String[] args) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    int[][] rows = mapper.readValue(Path.of(args[2]).toFile(), int[][].class);
    int length = rows[0].length - 1;
    int[] ids = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
    float[] nats = new float[rows.length * length];
    try (LanguageModel model = Engines.byName(args[0]).openModel(Path.of(args[1]), 1)) {
      model.losses(ids, rows.length, length, nats);
    }
    System.out.println(mapper.writeValueAsString(nats));
  }
}
