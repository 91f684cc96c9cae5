package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.io.Closing;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.internal.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines, each with a checksum, that stores each answer under a hash of everything
 * that determines it. An answer is on disk before it is used, so no request is repeated after a
 * crash. If the last line is incomplete, it is dropped when the file is opened. The log needs about
 * 150 bytes of memory per answer.
 *
 * <p>The log does not read or write through a {@code FileChannel}, because an interrupted thread
 * would close the channel for all threads.
 */
final class AnswerLog implements AutoCloseable {
  private static final int VERSION = 1;
  private static final String IN_USE = "in use by another generation";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** The beginning of each line. */
  private static final byte[] START = "{\"key\":\"".getBytes(StandardCharsets.UTF_8);

  /** The end of each line: the checksum of all that precedes it. */
  private static final String CHECKSUM = ",\"checksum\":\"%08x\"}";

  private static final int CHECKSUM_LENGTH = String.format(CHECKSUM, 0).length();

  /**
   * The logs that this JVM has open. A log must not be opened twice, because closing the second
   * file would release the lock on the first.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final RandomAccessFile content;
  private final Map<String, Place> places = new HashMap<>();
  private long end;

  private record Place(long offset, int length) {}

  /**
   * A stored answer.
   *
   * @param promptTokens number of prompt tokens; null if the generator does not count them
   * @param writtenTokens number of generated tokens; null if the generator does not count them
   * @param seed seed of the answer, if it differs from the seed of the request
   */
  record Entry(
      @JsonProperty(required = true) String key,
      @JsonProperty(required = true) String text,
      @JsonProperty(required = true) boolean cutOff,
      @Nullable Long promptTokens,
      @Nullable Long writtenTokens,
      @Nullable Long seed) {
    static Entry of(String key, String text, Written answer, OptionalLong seed) {
      return new Entry(
          key,
          text,
          answer.cutOff(),
          nullable(answer.promptTokens()),
          nullable(answer.writtenTokens()),
          nullable(seed));
    }

    @JsonIgnore
    Written written() {
      return new Written(text, cutOff, optional(promptTokens), optional(writtenTokens));
    }

    boolean counted() {
      return promptTokens != null && writtenTokens != null;
    }

    @JsonIgnore
    OptionalLong answerSeed() {
      return optional(seed);
    }

    private static @Nullable Long nullable(OptionalLong value) {
      return value.isPresent() ? value.getAsLong() : null;
    }

    private static OptionalLong optional(@Nullable Long value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  private AnswerLog(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Opens or creates a log, and locks it for this process.
   *
   * @throws MixlawException of kind STORAGE if another process is using the log, or if the log is
   *     damaged
   */
  static AnswerLog open(Path file) {
    try {
      Path directory = Files.createDirectories(file.toAbsolutePath().getParent()).toRealPath();
      Path real = directory.resolve(file.getFileName());
      if (Files.isSymbolicLink(real)) {
        throw failed(file, "a symbolic link", null);
      }
      if (!OPEN.add(real)) {
        throw failed(file, IN_USE, null);
      }
      try {
        return opened(real);
      } catch (IOException | RuntimeException e) {
        OPEN.remove(real);
        throw e;
      }
    } catch (IOException e) {
      throw failed(file, "cannot be opened: " + Reasons.of(e), e);
    }
  }

  private static AnswerLog opened(Path file) throws IOException {
    return Closing.onFailure(
        new RandomAccessFile(file.toFile(), "rw"),
        content -> {
          if (content.getChannel().tryLock() == null) {
            throw failed(file, IN_USE, null);
          }
          AnswerLog log = new AnswerLog(file, content);
          log.load();
          return log;
        });
  }

  /** Returns a hash of everything that determines an answer. */
  static String key(TextGenerator generator, String prompt, TextGenerator.Settings settings) {
    Digest digest = new Digest().add(VERSION).add(generator.name());
    Map<String, String> parameters = new TreeMap<>(generator.parameters());
    digest.add(parameters.size());
    parameters.forEach((name, value) -> digest.add(name).add(value));
    return digest
        .add(prompt)
        .add(settings.maxTokens())
        .add(Double.doubleToLongBits(settings.temperature()))
        .add(settings.seed())
        .hex();
  }

  synchronized Optional<Entry> find(String key) {
    Place place = places.get(key);
    if (place == null) {
      return Optional.empty();
    }
    byte[] line = new byte[place.length()];
    try {
      content.seek(place.offset());
      content.readFully(line);
      return Optional.of(read(line));
    } catch (IOException e) {
      throw failed(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  /** Stores an answer. When this method returns, the answer is on disk. */
  synchronized void add(Entry entry) {
    try {
      byte[] line = line(entry);
      content.seek(end);
      content.write(line);
      content.getFD().sync();
      places.put(entry.key(), new Place(end, line.length - 1));
      end += line.length;
    } catch (IOException e) {
      throw failed(file, "cannot be written: " + Reasons.of(e), e);
    }
  }

  private static byte[] line(Entry entry) throws IOException {
    byte[] json = JSON.writeValueAsBytes(entry);
    int length = json.length - 1;
    byte[] line = Arrays.copyOf(json, length + CHECKSUM_LENGTH + 1);
    byte[] end = (checksum(json, length) + "\n").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(end, 0, line, length, end.length);
    return line;
  }

  /** Reads a line without its line feed. */
  private static Entry read(byte[] line) throws IOException {
    int length = Math.max(0, line.length - CHECKSUM_LENGTH);
    String end = new String(line, length, line.length - length, StandardCharsets.UTF_8);
    if (!end.equals(checksum(line, length))) {
      throw new IOException("the line does not match its checksum");
    }
    return JSON.readValue(line, Entry.class);
  }

  private static String checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return String.format(CHECKSUM, crc.getValue());
  }

  private void load() throws IOException {
    byte[] start = new byte[(int) Math.min(START.length, content.length())];
    content.readFully(start);
    content.seek(0);
    if (!Arrays.equals(start, 0, start.length, START, 0, start.length)) {
      throw failed(file, "not written by a generation", null);
    }
    // The stream stays open because it shares the descriptor of the file.
    InputStream in = new BufferedInputStream(new FileInputStream(content.getFD()), 1 << 16);
    byte[] line = nextLine(in);
    for (long number = 1; line != null; number++) {
      try {
        places.put(read(line).key(), new Place(end, line.length));
      } catch (IOException e) {
        throw failed(file, "line " + number + " is damaged", e);
      }
      end += line.length + 1;
      line = nextLine(in);
    }
    content.setLength(end);
  }

  /** Returns the next line, or null at the end of the file or if the line is incomplete. */
  private static byte @Nullable [] nextLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toByteArray();
      }
      line.write(b);
    }
    return null;
  }

  private static MixlawException failed(Path file, String actual, @Nullable Throwable cause) {
    return MixlawException.storage(
        "answer log " + file,
        actual,
        "an undamaged file, used by one generation at a time, on a disk with free space",
        "check the directory of the generation; if the file is deleted, all requests are sent again",
        cause);
  }

  @Override
  public synchronized void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw failed(file, "cannot be closed: " + Reasons.of(e), e);
    } finally {
      OPEN.remove(file);
    }
  }
}
