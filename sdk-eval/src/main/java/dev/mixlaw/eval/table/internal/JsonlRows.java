package dev.mixlaw.eval.table.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a file with one JSON object per line; a column is a key. */
public final class JsonlRows extends TableRows {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonNode row = MAPPER.createObjectNode();

  public JsonlRows(Path file) {
    super(file);
  }

  @Override
  public Optional<List<String>> columns() {
    return Optional.empty();
  }

  @Override
  void row(String text) {
    try {
      row = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw bad("not JSON: " + e.getOriginalMessage(), "one JSON object a line");
    }
    if (!row.isObject()) {
      throw bad("JSON that is no object", "one JSON object a line");
    }
  }

  /** Returns the row as a JSON object. */
  public JsonNode object() {
    return row;
  }

  @Override
  public @Nullable String cell(String column) {
    JsonNode value = row.get(column);
    return value == null || value.isNull() ? null : value.asText();
  }

  @Override
  public String text() {
    return row.toString();
  }
}
