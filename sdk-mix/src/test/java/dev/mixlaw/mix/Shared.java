package dev.mixlaw.mix;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Test corpora in a folder outside of the project, which the system property or environment
 * variable {@code MIXLAW_SHARED} names.
 */
public final class Shared {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Shared() {}

  /** Returns the directory of the corpora, or skips the test if there is none. */
  public static Path corpora() {
    Optional<Path> found = find();
    Assumptions.assumeTrue(
        found.isPresent(), "shared/data/corpora is not there: set MIXLAW_SHARED");
    return found.orElseThrow();
  }

  private static Optional<Path> find() {
    String stated = System.getProperty("MIXLAW_SHARED", System.getenv("MIXLAW_SHARED"));
    if (stated != null) {
      return Optional.of(Path.of(stated, "data", "corpora")).filter(Files::isDirectory);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path corpora = at.resolve("shared/data/corpora");
      if (Files.isDirectory(corpora)) {
        return Optional.of(corpora);
      }
    }
    return Optional.empty();
  }

  /** Returns all JSONL files below a directory, sorted by path. */
  public static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the texts of the documents in a JSONL file. */
  public static List<String> texts(Path jsonl) {
    try (Stream<String> lines = Files.lines(jsonl)) {
      return lines.map(Shared::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String line) {
    try {
      return JSON.readTree(line).path("text").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
