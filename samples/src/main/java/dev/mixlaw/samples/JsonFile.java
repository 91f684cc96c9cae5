package dev.mixlaw.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a sample writes for programs. */
final class JsonFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  /**
   * Writes maps, lists, texts and numbers as they are nested.
   *
   * @throws MixlawException if the file cannot be written
   */
  static void write(Path file, Object content) {
    try {
      String text = MAPPER.writeValueAsString(content) + "\n";
      DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e); // no map, list, text or number
    }
  }
}
