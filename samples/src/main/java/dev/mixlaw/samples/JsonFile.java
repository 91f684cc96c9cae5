package dev.mixlaw.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** What a sample writes for programs: a JSON file, whole or not at all. */
final class JsonFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  /**
   * Writes maps, lists, texts and numbers as they are nested; directories are made.
   *
   * @throws MixlawException if the file cannot be written
   */
  static void write(Path file, Object content) {
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(target.getParent());
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(content) + "\n");
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      MixlawException problem =
          new MixlawException(
              MixlawException.Kind.STORAGE,
              new Problem("file " + file, e.toString(), "a place that can be written to", "--json"),
              e);
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException left) {
        problem.addSuppressed(left);
      }
      throw problem;
    }
  }

  private static String text(Object content) throws JsonProcessingException {
    return MAPPER.writeValueAsString(content);
  }
}
