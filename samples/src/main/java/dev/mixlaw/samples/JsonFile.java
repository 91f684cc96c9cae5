package dev.mixlaw.samples;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes the results of a sample for other programs, with records as JSON objects with snake_case
 * keys.
 */
final class JsonFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addMixIn(Estimate.class, FlatEstimate.class)
          .build();

  /** Writes an estimate with the ends of its interval next to its value. */
  private interface FlatEstimate {
    @JsonUnwrapped
    Interval interval();
  }

  private JsonFile() {}

  /**
   * Writes nested records, maps, lists, strings and numbers.
   *
   * @throws dev.mixlaw.api.MixlawException if the file cannot be written
   */
  static void write(Path file, Object content) {
    try {
      String text = MAPPER.writeValueAsString(content) + "\n";
      DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e); // the value cannot be written as JSON
    }
  }
}
