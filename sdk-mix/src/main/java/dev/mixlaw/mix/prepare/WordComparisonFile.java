package dev.mixlaw.mix.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.WordComparison;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that caches a word comparison under a hash of everything that determines it. */
final class WordComparisonFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private final Path file;
  private final String key;

  private record Stored(String key, WordComparison comparison) {
    Stored {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(comparison, "comparison");
    }
  }

  WordComparisonFile(Path file, String key) {
    this.file = file;
    this.key = key;
  }

  Path file() {
    return file;
  }

  boolean exists() {
    return read(StudyListener.none()).isPresent();
  }

  /** Returns the stored comparison if its key matches, and warns if the file is damaged. */
  Optional<WordComparison> read(StudyListener listener) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      @Nullable Stored stored = JSON.readValue(Files.readAllBytes(file), Stored.class);
      return stored != null && key.equals(stored.key())
          ? Optional.of(stored.comparison())
          : Optional.empty();
    } catch (JsonProcessingException damaged) {
      listener.on(
          new StudyEvent.Warned(
              "words will be compared again: " + file + " is damaged: " + damaged.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(WordComparison comparison) {
    try {
      DurableFile.write(file, JSON.writeValueAsBytes(new Stored(key, comparison)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a comparison cannot be written as JSON", e);
    }
  }
}
