package dev.mixlaw.eval.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file with one JSON object per line. Each key is a column. */
final class JsonlFile extends TableFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  JsonlFile(Path file) {
    super(file);
  }

  @Override
  Optional<List<String>> columns() {
    return Optional.empty();
  }

  @Override
  @Nullable Row read(List<Problem> problems) throws IOException {
    String line = text.readLine();
    if (line == null) {
      return null;
    }
    String place = name() + ":" + text.getLineNumber();
    String actual = "JSON that is not an object";
    try {
      JsonNode value = MAPPER.readTree(line);
      if (value instanceof ObjectNode row) {
        return new Row(place, row);
      }
      if (value.isMissingNode()) {
        return Row.NONE;
      }
    } catch (JsonProcessingException e) {
      actual = "not JSON: " + e.getOriginalMessage();
    } catch (NumberFormatException e) { // an exponent that is out of range
      actual = "not JSON: a number that is out of range";
    }
    problems.add(new Problem(place, actual, "one JSON object per line", "correct the file"));
    return Row.NONE;
  }
}
