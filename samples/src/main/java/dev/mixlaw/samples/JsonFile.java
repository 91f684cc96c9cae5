package dev.mixlaw.samples;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the results of a sample program as JSON. Records become objects with keys in snake case.
 */
final class JsonFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addMixIn(Estimate.class, FlatEstimate.class)
          .build();

  /** Writes the bounds of an estimate as fields of the estimate, not as a nested object. */
  private interface FlatEstimate {
    @JsonUnwrapped
    Interval interval();
  }

  /** The result of a fit that the data do not support. For a law, model and target are null. */
  record Refused(
      int schema,
      String form,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String model,
      String formula,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String target,
      String status,
      Map<String, Estimate> parameters,
      String reason,
      String remedy,
      List<String> warnings) {}

  private JsonFile() {}

  static Refused refused(
      String form,
      @Nullable String model,
      String formula,
      @Nullable String target,
      Refusal refusal,
      List<String> warnings) {
    String reason = refusal.reason();
    String remedy = refusal.remedy();
    return new Refused(
        1, form, model, formula, target, "refused", Map.of(), reason, remedy, warnings);
  }

  /** Returns the name of an output file for one of several columns. */
  static @Nullable Path named(@Nullable Path file, String column) {
    if (file == null) {
      return null;
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
    String safe = column.replaceAll("[/\\\\:]", "_");
    return file.resolveSibling(name.substring(0, dot) + "-" + safe + name.substring(dot));
  }

  /** Writes nested records, maps, lists, strings and numbers. Does nothing if no file is given. */
  static void write(@Nullable Path file, Object content) {
    if (file == null) {
      return;
    }
    try {
      String text = MAPPER.writeValueAsString(content) + "\n";
      DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e); // the content cannot be converted to JSON
    }
  }
}
