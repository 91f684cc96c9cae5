package dev.mixlaw.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the weights that an engine saved. */
final class SavedWeights {
  private SavedWeights() {}

  /**
   * Returns the weights in {@code model.safetensors} by name, in row-major order. The format is
   * that of Hugging Face's safetensors: the length of a JSON header in 8 bytes, the header, and the
   * values.
   */
  static Map<String, double[]> read(Path directory) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(directory.resolve("model.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(file.getLong())];
    file.get(header);
    int begin = file.position();
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> e : new ObjectMapper().readTree(header).properties()) {
      if (e.getKey().equals("__metadata__")) {
        continue;
      }
      if (!e.getValue().path("dtype").asText().equals("F32")) {
        throw new AssertionError(e.getKey() + " is not saved in F32: " + e.getValue());
      }
      int from = e.getValue().at("/data_offsets/0").asInt();
      double[] values =
          new double[(e.getValue().at("/data_offsets/1").asInt() - from) / Float.BYTES];
      for (int i = 0; i < values.length; i++) {
        values[i] = file.getFloat(begin + from + i * Float.BYTES);
      }
      weights.put(e.getKey(), values);
    }
    return weights;
  }
}
