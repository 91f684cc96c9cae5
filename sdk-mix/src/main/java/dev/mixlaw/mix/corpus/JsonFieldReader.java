package dev.mixlaw.mix.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.mix.internal.Utf8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one text field of a JSON record without building a tree of the record. */
final class JsonFieldReader {
  private static final int MOST_NAMES = 10;

  private final JsonFactory factory;
  private final String field;

  /** Creates a reader of a field in records of at most {@code limit} characters. */
  JsonFieldReader(String field, int limit) {
    this.field = field;
    // Field names are not cached: the records of a corpus may have any number of different names.
    this.factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(limit).build())
            .build();
  }

  String read(CharBuffer record) throws MalformedRecordException {
    try (JsonParser json =
        factory.createParser(record.array(), record.arrayOffset(), record.length())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedRecordException("not a JSON object");
      }
      String text = find(json, field);
      if (json.nextToken() != null) {
        throw new MalformedRecordException("more than one JSON object on the line");
      }
      if (text == null) {
        throw new MalformedRecordException(
            "no field \"%s\"; fields: %s".formatted(field, names(record)));
      }
      int unpaired = Utf8.unpairedSurrogate(text);
      if (unpaired >= 0) {
        throw new MalformedRecordException(
            Texts.format(
                "invalid Unicode: unpaired surrogate \\u%04x", (int) text.charAt(unpaired)));
      }
      return text;
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException("invalid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // impossible: the record is in memory
    }
  }

  /** Returns the names of the first fields of a record that was read before. */
  private String names(CharBuffer record) throws IOException {
    List<String> names = new ArrayList<>();
    try (JsonParser json =
        factory.createParser(record.array(), record.arrayOffset(), record.length())) {
      json.nextToken();
      for (String name = json.nextFieldName();
          name != null && names.size() < MOST_NAMES;
          name = json.nextFieldName()) {
        names.add(name);
        json.nextToken();
        json.skipChildren();
      }
    }
    return String.join(", ", names);
  }

  /** Returns the text of the field, after the whole record has been validated. */
  private @Nullable String find(JsonParser json, String path)
      throws IOException, MalformedRecordException {
    String text = null;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (text == null && name.equals(path)) {
        if (value != JsonToken.VALUE_STRING) {
          throw new MalformedRecordException("field \"" + field + "\" is not a string");
        }
        text = json.getText();
      } else if (text == null
          && value == JsonToken.START_OBJECT
          && path.length() > name.length()
          && path.startsWith(name)
          && path.charAt(name.length()) == '.') {
        text = find(json, path.substring(name.length() + 1));
      } else {
        json.skipChildren();
      }
    }
    return text;
  }
}
