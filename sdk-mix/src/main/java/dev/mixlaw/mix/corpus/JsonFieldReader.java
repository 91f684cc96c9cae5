package dev.mixlaw.mix.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the text field out of a JSON record without building the rest of it. */
final class JsonFieldReader {
  private final JsonFactory factory;
  private final String field;

  /**
   * A reader for one field.
   *
   * @param field {@code a.b} is {@code b} of the object {@code a}, or the field {@code a.b} itself
   * @param limit longest record
   */
  JsonFieldReader(String field, int limit) {
    this.field = field;
    // Field names are not kept: records of the world may hold any number of different ones.
    this.factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
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
        throw new MalformedRecordException("no field \"" + field + "\"");
      }
      StrictUtf8Decoder.requireWellFormed(text);
      return text;
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException("bad JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the record is in memory
    }
  }

  /** Reads the object to its end, so that what follows the text is checked too. */
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
