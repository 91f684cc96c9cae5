package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.internal.Digest;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answers that were ever got for a directory: a file of JSON lines that only grows, by the hash
 * of everything that shapes an answer. An answer is in the file before anybody sees it, so what was
 * seen is never asked again; a line that a kill or a full disk cut short is dropped at the next
 * start. Texts stay on disk: memory holds about 150 bytes an answer.
 *
 * <p>Not a {@code FileChannel}: an interrupt of one thread would close it under all others.
 */
final class AnswerLog implements AutoCloseable {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final RandomAccessFile content;
  private final Map<String, Place> places = new HashMap<>();
  private long end;

  private record Place(long offset, int length) {}

  /**
   * An answer that is kept.
   *
   * @param seed that it was asked with, where that is not the request's own
   */
  record Entry(Written written, OptionalLong seed) {}

  private AnswerLog(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Opens a log for one process; makes it if it is not there.
   *
   * @throws MixlawException (storage) if another process has it, or it is damaged
   */
  static AnswerLog open(Path file) {
    RandomAccessFile content = null;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      content = new RandomAccessFile(file.toFile(), "rw");
      lock(file, content);
      AnswerLog log = new AnswerLog(file, content);
      log.load();
      content = null;
      return log;
    } catch (IOException e) {
      throw failed(file, "cannot be opened: " + Reasons.of(e), e);
    } finally {
      closeQuietly(content);
    }
  }

  private static void lock(Path file, RandomAccessFile content) throws IOException {
    boolean free;
    try {
      free = content.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      free = false;
    }
    if (!free) {
      throw failed(file, "in use by another generation", null);
    }
  }

  private static void closeQuietly(@Nullable RandomAccessFile content) {
    if (content != null) {
      try {
        content.close();
      } catch (IOException e) {
        // The failure to open is already on its way and says more.
        return;
      }
    }
  }

  /** The hash of everything that shapes an answer. */
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
      return Optional.of(entry(JSON.readTree(line)));
    } catch (IOException e) {
      throw failed(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  /** Keeps an answer; it is on disk when this returns. */
  synchronized void add(String key, Entry entry) {
    Written answer = entry.written();
    ObjectNode json = JSON.createObjectNode();
    json.put("key", key).put("text", answer.text()).put("cut_off", answer.cutOff());
    answer.promptTokens().ifPresent(n -> json.put("prompt_tokens", n));
    answer.writtenTokens().ifPresent(n -> json.put("written_tokens", n));
    entry.seed().ifPresent(seed -> json.put("seed", seed));
    try {
      byte[] line = (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
      content.seek(end);
      content.write(line);
      content.getFD().sync();
      places.put(key, new Place(end, line.length - 1));
      end += line.length;
    } catch (IOException e) {
      throw failed(file, "cannot be written: " + Reasons.of(e), e);
    }
  }

  private void load() throws IOException {
    // Left open: it is the file's own descriptor.
    InputStream in = new BufferedInputStream(new FileInputStream(content.getFD()), 1 << 16);
    LineBytes line = new LineBytes();
    for (long number = 1; line.read(in); number++) {
      int length = line.length();
      try {
        JsonNode json = JSON.readTree(line.bytes(), 0, length);
        places.put(json.required("key").asText(), new Place(end, length));
        entry(json);
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw failed(file, "line " + number + " is damaged", e);
      }
      end += length + 1;
    }
    content.setLength(end);
  }

  private static Entry entry(JsonNode json) {
    return new Entry(
        new Written(
            json.required("text").asText(),
            json.required("cut_off").asBoolean(),
            number(json, "prompt_tokens"),
            number(json, "written_tokens")),
        number(json, "seed"));
  }

  private static OptionalLong number(JsonNode json, String field) {
    return json.has(field) ? OptionalLong.of(json.get(field).asLong()) : OptionalLong.empty();
  }

  private static MixlawException failed(Path file, String actual, @Nullable Throwable cause) {
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            "the remembered answers " + file,
            actual,
            "a file of one generation at a time, whole, with space to grow; removing it means"
                + " asking everything again",
            "the directory"),
        cause);
  }

  @Override
  public synchronized void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw failed(file, "cannot be closed: " + Reasons.of(e), e);
    }
  }
}
