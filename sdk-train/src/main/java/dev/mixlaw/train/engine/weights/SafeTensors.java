package dev.mixlaw.train.engine.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A file of named tensors in the safetensors format. The file consists of the header length (eight
 * bytes), a JSON header and the values. All numbers are little-endian
 * (github.com/huggingface/safetensors).
 */
final class SafeTensors implements AutoCloseable {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final int BUFFER = 1 << 20;

  /** The first eight bytes of a Git LFS pointer, which are {@code version} and a space. */
  private static final long GIT_LFS = 0x206e6f6973726576L;

  /** Maximum size of a header in bytes, enough for about 100,000 tensors. */
  private static final long LONGEST_HEADER = 16 << 20;

  private final FileChannel channel;
  private final Map<String, String> metadata;
  private final Map<String, Place> places;
  private final long dataStart;

  /** The place of a tensor in the file. Values are converted to float32 when they are read. */
  private record Place(String type, List<Integer> shape, long start, long end) {
    static int bytes(String type) {
      return type.equals("F32") ? Float.BYTES : Short.BYTES;
    }
  }

  /** A tensor to write. The values are requested in parts while the file is being written. */
  record Entry(String name, List<Integer> shape, Stream<float[]> parts) {
    long bytes() {
      long count = Float.BYTES;
      for (int n : shape) {
        count *= n;
      }
      return count;
    }
  }

  private SafeTensors(
      FileChannel channel, Map<String, String> metadata, Map<String, Place> places, long start) {
    this.channel = channel;
    this.metadata = metadata;
    this.places = places;
    this.dataStart = start;
  }

  /** Writes a new file and forces it to disk. */
  static void write(Path file, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode meta = header.putObject("__metadata__");
    new TreeMap<>(metadata).forEach(meta::put);
    long at = 0;
    for (Entry e : entries) {
      ObjectNode one = header.putObject(e.name());
      one.put("dtype", "F32");
      one.set("shape", JSON.valueToTree(e.shape()));
      one.putArray("data_offsets").add(at).add(at + e.bytes());
      at += e.bytes();
    }
    byte[] json = JSON.writeValueAsBytes(header);
    // Padding the header to a multiple of 8 bytes aligns the values when the file is mapped.
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeAll(out, head.flip());
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
      for (Entry e : entries) {
        long written = 0;
        for (Iterator<float[]> parts = e.parts().iterator(); parts.hasNext(); ) {
          float[] values = parts.next();
          for (int from = 0; from < values.length; from += BUFFER / Float.BYTES) {
            int n = Math.min(BUFFER / Float.BYTES, values.length - from);
            buffer.clear().limit(n * Float.BYTES);
            buffer.asFloatBuffer().put(values, from, n);
            writeAll(out, buffer);
          }
          written += (long) values.length * Float.BYTES;
        }
        if (written != e.bytes()) {
          throw new IllegalArgumentException(e.name() + " has " + written + " bytes");
        }
      }
      out.force(true);
    }
  }

  /**
   * Opens a file and checks its header and size.
   *
   * @throws Damaged if the file is not a complete file of tensors in float32, bfloat16 or float16
   */
  static SafeTensors open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      long headerLength = size < 8 ? -1 : readAt(channel, 0, 8).getLong();
      if (headerLength == GIT_LFS) {
        throw new Damaged(
            "a Git LFS pointer instead of the file; fetch the file with git lfs pull");
      }
      if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, size - 8)) {
        throw new Damaged(size + " bytes with an invalid header length of " + headerLength);
      }
      byte[] json = new byte[(int) headerLength];
      readAt(channel, 8, json.length).get(json);
      JsonNode header = JSON.readTree(json);
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Place> places = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : header.properties()) {
        JsonNode value = field.getValue();
        if (field.getKey().equals("__metadata__")) {
          value.properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        } else {
          places.put(field.getKey(), place(field.getKey(), value));
        }
      }
      long end = end(places);
      long start = 8 + headerLength;
      if (size != start + end) {
        throw new Damaged(size + " bytes instead of " + (start + end));
      }
      return new SafeTensors(channel, metadata, places, start);
    } catch (JsonProcessingException | NumberFormatException e) {
      channel.close(); // Jackson throws NumberFormatException for a number with a huge exponent
      throw new Damaged("its header is not JSON", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Place place(String name, JsonNode value) throws Damaged {
    JsonNode offsets = value.path("data_offsets");
    List<Integer> shape = new ArrayList<>();
    String type = value.path("dtype").asText();
    if (!List.of("F32", "BF16", "F16").contains(type)) {
      throw new Damaged("tensor " + name + " has type " + type + "; expected F32, BF16 or F16");
    }
    long bytes = Place.bytes(type);
    for (JsonNode n : value.path("shape")) {
      long size = n.isIntegralNumber() && n.canConvertToInt() ? n.asInt() : -1;
      if (size < 0 || Math.multiplyHigh(bytes, size) != 0 || bytes * size < 0) {
        throw new Damaged("tensor " + name + " has size " + n);
      }
      shape.add((int) size);
      bytes *= size;
    }
    long start = offset(offsets.path(0));
    long end = offset(offsets.path(1));
    if (offsets.size() != 2 || start < 0 || end - start != bytes) {
      throw new Damaged("tensor " + name + ": its size does not match its shape");
    }
    return new Place(type, shape, start, end);
  }

  private static long offset(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() ? value.asLong() : -1;
  }

  /** Returns the end of the last tensor, and checks that there are no gaps or overlaps. */
  private static long end(Map<String, Place> places) throws Damaged {
    List<Map.Entry<String, Place>> inOrder = new ArrayList<>(places.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Place> e) -> e.getValue().start())
            .thenComparingLong(e -> e.getValue().end()));
    long end = 0;
    for (Map.Entry<String, Place> e : inOrder) {
      if (e.getValue().start() != end) {
        throw new Damaged(
            "tensor %s begins at byte %s; expected %s"
                .formatted(e.getKey(), e.getValue().start(), end));
      }
      end = e.getValue().end();
    }
    return end;
  }

  /** Returns the names of all tensors. */
  Set<String> names() {
    return places.keySet();
  }

  Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Returns {@code count} values of a tensor, starting at index {@code first}.
   *
   * @throws Damaged if there is no tensor with the given name and shape
   */
  float[] read(String name, List<Integer> shape, long first, int count) throws IOException {
    Place place = places.get(name);
    if (place == null || !place.shape().equals(shape)) {
      throw new Damaged(
          place == null
              ? "tensor %s is missing".formatted(name)
              : "tensor %s has shape %s; expected %s".formatted(name, place.shape(), shape));
    }
    float[] values = new float[count];
    int each = Place.bytes(place.type());
    long start = dataStart + place.start() + first * each;
    for (int from = 0; from < count; from += BUFFER / Float.BYTES) {
      int n = Math.min(BUFFER / Float.BYTES, count - from);
      ByteBuffer bytes = readAt(channel, start + (long) from * each, n * each);
      if (place.type().equals("F32")) {
        bytes.asFloatBuffer().get(values, from, n);
      } else {
        boolean brain = place.type().equals("BF16");
        for (int i = from; i < from + n; i++) {
          short bits = bytes.getShort();
          values[i] = brain ? Float.intBitsToFloat(bits << 16) : ofFloat16(bits);
        }
      }
    }
    return values;
  }

  private static float ofFloat16(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 0x1f
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Math.scalb(1024f + fraction, exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static ByteBuffer readAt(FileChannel in, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, from + bytes.position()) < 0) {
        throw new Damaged("it is truncated");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Maximum length of a message. In a damaged file, a name or type may be as long as the file.
     */
    private static final int LONGEST = 500;

    Damaged(String how) {
      super(how.length() > LONGEST ? how.substring(0, LONGEST) + "…" : how);
    }

    Damaged(String how, Throwable cause) {
      super(how, cause);
    }
  }
}
