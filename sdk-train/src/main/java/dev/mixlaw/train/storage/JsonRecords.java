package dev.mixlaw.train.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Records as JSON documents, with {@code snake_case} keys. Null components are not written. Reading
 * is strict: a key that is unknown or missing, a null and a value of another type are errors. A
 * component that may be missing says so with {@link JsonSetter}. Doubles are read back bit for bit.
 */
public final class JsonRecords {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build()
          .setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL));

  private JsonRecords() {}

  /** Returns a document on one line. */
  public static byte[] compact(Object document) throws IOException {
    return MAPPER.writeValueAsBytes(document);
  }

  /** Returns a document with one line per key. */
  public static byte[] pretty(Object document) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
  }

  /**
   * Reads a document.
   *
   * @throws IOException if it is damaged or not of this type
   */
  public static <T> T read(byte[] json, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a document whose key {@code format} has this value.
   *
   * @throws IOException if it is damaged, not of this type, or of another format
   */
  public static <T> T read(byte[] json, Class<T> type, int format) throws IOException {
    JsonNode found = read(json, JsonNode.class).path("format");
    if (found.asInt(-1) != format) {
      throw new IOException("format " + found + "; expected " + format);
    }
    return read(json, type);
  }
}
