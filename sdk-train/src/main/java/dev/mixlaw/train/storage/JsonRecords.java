package dev.mixlaw.train.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.mixlaw.api.internal.Hashing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads and writes records as JSON documents with {@code snake_case} keys. Components that are null
 * or an empty Optional are not written. Unknown or missing keys, nulls and values of the wrong type
 * are errors, unless {@link JsonSetter} marks a component as optional. A missing boolean is false,
 * so that documents stay readable if a later version adds an option. Doubles are preserved exactly.
 */
public final class JsonRecords {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_ABSENT)
          .addModule(new Jdk8Module())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build()
          .setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL));

  static {
    for (Class<?> optional :
        List.of(
            boolean.class,
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class)) {
      MAPPER.configOverride(optional).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SET));
    }
  }

  /** Thrown if a document is intact but has another format than expected. */
  public static final class OtherFormatException extends IOException {
    private static final long serialVersionUID = 1;

    private OtherFormatException(String message) {
      super(message);
    }
  }

  private static final String CHECKSUM = "checksum";

  private JsonRecords() {}

  /** Returns a document with one line per key, including a {@code checksum} (SHA-256). */
  public static byte[] sealed(Object document) throws IOException {
    return pretty(withChecksum(document));
  }

  public static byte[] sealedCompact(Object document) throws IOException {
    return compact(withChecksum(document));
  }

  private static ObjectNode withChecksum(Object document) throws IOException {
    ObjectNode tree = MAPPER.valueToTree(document);
    return tree.put(CHECKSUM, Hashing.sha256(compact(tree)));
  }

  /**
   * Reads a document that {@link #sealed} has returned.
   *
   * @throws OtherFormatException if the document is intact but has another format
   * @throws IOException if the document is damaged or not of this type
   */
  public static <T> T unsealed(byte[] json, Class<T> type, int format) throws IOException {
    return read(content(json), type, format);
  }

  /**
   * Returns a document that {@link #sealed} has returned, without its checksum.
   *
   * @throws IOException if the document is damaged
   */
  public static byte[] content(byte[] json) throws IOException {
    if (!(read(json, JsonNode.class) instanceof ObjectNode tree)) {
      throw new IOException("not a JSON object");
    }
    JsonNode expected = tree.remove(CHECKSUM);
    if (expected == null || !expected.asText().equals(Hashing.sha256(compact(tree)))) {
      throw new IOException("the content does not match its checksum");
    }
    return compact(tree);
  }

  public static byte[] compact(Object document) throws IOException {
    return MAPPER.writeValueAsBytes(document);
  }

  public static byte[] pretty(Object document) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
  }

  public static <T> T read(byte[] json, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a document and checks the value of its key {@code format}.
   *
   * @throws IOException if the document is damaged, or its type or format is wrong
   */
  public static <T> T read(byte[] json, Class<T> type, int format) throws IOException {
    JsonNode found = read(json, JsonNode.class).path("format");
    if (found.asInt(-1) != format) {
      throw new OtherFormatException("format " + found + "; expected " + format);
    }
    return read(json, type);
  }
}
