package dev.mixlaw.samples.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Damages files at random. It changes, removes, repeats or inserts a few bytes or numbers; or it
 * changes values of JSON, so that the file can still be parsed and the damage reaches the code
 * behind the parser.
 */
final class Mutator {
  private static final String[] TEXTS = {
    "2147483647",
    "-1",
    "0",
    "1e99999999999",
    "9223372036854775807",
    "4294967296",
    "NaN",
    "1.5",
    "null",
    "{}",
    "[]",
    "\"\"",
    "\\u0000",
    "\\ud800",
    "\uFFFD",
    "\u0000",
    "\"",
    "[",
    "{",
    "]",
    "}",
    ",",
    ":",
    "\n",
    "\r\n",
    "\n\n",
    "*",
    "**/",
    "[z-a]",
    "- ",
    "&a ",
    "*a",
    "---\n",
    "true"
  };
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    Short.MAX_VALUE,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1 << 28
  };

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Writes surrogates that have no pair as escapes, and values of any depth. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
              .streamWriteConstraints(
                  StreamWriteConstraints.builder().maxNestingDepth(100_000).build())
              .build());

  private static final List<JsonNode> JSON_NUMBERS =
      Stream.of("0", "-0.0", "1.5", "1e308", "-1e308", "4.9e-324", "1e-45", "9007199254740993")
          .<JsonNode>map(n -> NODES.numberNode(new BigDecimal(n)))
          .toList();

  private static final List<JsonNode> OTHER_KINDS =
      List.of(
          NODES.nullNode(),
          NODES.booleanNode(true),
          NODES.booleanNode(false),
          NODES.numberNode(1),
          NODES.textNode("a"),
          NODES.arrayNode(),
          NODES.objectNode(),
          NODES.arrayNode().add("a").add(1),
          NODES.objectNode().put("type", "a"));

  private static final List<String> JSON_TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\uD800",
          "\u2581",
          "\uFEFF",
          "\uD83D\uDE00",
          "a\u0301",
          "(",
          "(a*)*$");

  private final SplittableRandom random;

  Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns a copy of the bytes with one to four changes. */
  byte[] mutate(byte[] bytes) {
    byte[] changed = bytes;
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  /**
   * Returns a copy of JSON with one to three changed values; in one of four cases, with changed
   * bytes instead.
   */
  byte[] mutateJson(byte[] json) throws IOException {
    if (random.nextInt(4) == 0) {
      return mutate(json);
    }
    JsonNode root = JSON.readTree(json);
    for (int i = random.nextInt(3); i >= 0 && root.size() > 0; i--) {
      change(root);
    }
    return JSON.writeValueAsBytes(root);
  }

  /**
   * Replaces, removes or duplicates a random value, which is reached by descending from the root.
   */
  private void change(JsonNode root) {
    JsonNode parent = root;
    int at = random.nextInt(parent.size());
    while (child(parent, at).size() > 0 && random.nextInt(8) > 0) {
      parent = child(parent, at);
      at = random.nextInt(parent.size());
    }
    JsonNode old = child(parent, at);
    JsonNode by =
        switch (random.nextInt(6)) {
          case 0 -> anyBelow(root);
          case 1 -> any(OTHER_KINDS);
          case 2 -> nested(old);
          case 3 -> lengthened(old);
          default -> extreme(old);
        };
    int kind = random.nextInt(8);
    if (parent instanceof ArrayNode array) {
      switch (kind) {
        case 0 -> array.remove(at);
        case 1 -> array.insert(random.nextInt(array.size() + 1), old.deepCopy());
        default -> array.set(at, by.deepCopy());
      }
    } else {
      ObjectNode object = (ObjectNode) parent;
      switch (kind) {
        case 0 -> object.remove(name(object, at));
        case 1 -> object.set(name(object, random.nextInt(object.size())), old.deepCopy());
        case 2 -> object.set(any(JSON_TEXTS), old.deepCopy());
        default -> object.set(name(object, at), by.deepCopy());
      }
    }
  }

  private JsonNode anyBelow(JsonNode root) {
    JsonNode at = root;
    do {
      at = child(at, random.nextInt(at.size()));
    } while (at.size() > 0 && random.nextInt(3) > 0);
    return at;
  }

  private JsonNode extreme(JsonNode old) {
    if (old.isNumber()) {
      return random.nextBoolean()
          ? NODES.numberNode(NUMBERS[random.nextInt(NUMBERS.length)])
          : any(JSON_NUMBERS);
    }
    if (old.isTextual()) {
      return NODES.textNode(any(JSON_TEXTS));
    }
    if (old.isBoolean()) {
      return NODES.booleanNode(!old.booleanValue());
    }
    return old.isArray()
        ? NODES.arrayNode()
        : old.isObject() ? NODES.objectNode() : any(OTHER_KINDS);
  }

  private JsonNode nested(JsonNode old) {
    JsonNode outer = old;
    for (int i = random.nextInt(random.nextInt(3) > 0 ? 3 : 300); i >= 0; i--) {
      outer =
          random.nextBoolean() ? NODES.arrayNode().add(outer) : NODES.objectNode().set("a", outer);
    }
    return outer;
  }

  /**
   * Returns a longer value: a repeated text, or an array or object with repeated children if these
   * are small.
   */
  private JsonNode lengthened(JsonNode old) {
    int times = 1 + random.nextInt(2000);
    if (old.size() == 0) {
      String text = (old.isTextual() ? old.textValue() : "") + any(JSON_TEXTS);
      return NODES.textNode(text.repeat(Math.min(times, 1 + 20_000 / (1 + text.length()))));
    }
    JsonNode copy = old.deepCopy();
    JsonNode more = child(old, random.nextInt(old.size()));
    for (int i = 0; i < times && more.size() < 10; i++) {
      if (copy instanceof ArrayNode array) {
        array.add(more);
      } else {
        ((ObjectNode) copy).set("a" + i, more);
      }
    }
    return copy;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static JsonNode child(JsonNode parent, int at) {
    return parent.isArray() ? parent.get(at) : parent.get(name(parent, at));
  }

  private static String name(JsonNode object, int at) {
    Iterator<String> names = object.fieldNames();
    for (int i = 0; i < at; i++) {
      names.next();
    }
    return names.next();
  }

  int nextInt(int bound) {
    return random.nextInt(bound);
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(3) > 0 ? 8 : 200));
    byte[] text = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
    switch (random.nextInt(9)) {
      case 0:
        return with(bytes, at, end, new byte[0]);
      case 1:
        return with(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      case 2:
        return Arrays.copyOf(bytes, at);
      case 3:
        return with(bytes, at, at, text);
      case 4:
        return number(bytes, at, text);
      case 5:
        return with(bytes, at, at, repeated(text, 1 + random.nextInt(3000)));
      case 6:
        byte[] number = new byte[random.nextBoolean() ? 8 : 4];
        ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        wide.putLong(0, NUMBERS[random.nextInt(NUMBERS.length)]);
        wide.get(number);
        return with(bytes, at, Math.min(bytes.length, at + number.length), number);
      case 7:
        byte[] other = bytes.clone();
        for (int i = at; i < end; i++) {
          other[i] = (byte) random.nextInt(256);
        }
        return other;
      default:
        byte[] flipped = bytes.clone();
        if (at < flipped.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
  }

  /** Replaces the first number after a position by other bytes. */
  private static byte[] number(byte[] bytes, int from, byte[] by) {
    int start = from;
    while (start < bytes.length && !digit(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < bytes.length && digit(bytes[end])) {
      end++;
    }
    return with(bytes, start, end, by);
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static byte[] repeated(byte[] text, int times) {
    ByteBuffer all = ByteBuffer.allocate(text.length * times);
    for (int i = 0; i < times; i++) {
      all.put(text);
    }
    return all.array();
  }

  private static byte[] with(byte[] bytes, int from, int to, byte[] by) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length - (to - from) + by.length);
    all.put(bytes, 0, from).put(by).put(bytes, to, bytes.length - to);
    return all.array();
  }
}
