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

/** A comparison of words, kept with the key of what was compared. */
final class WordComparisonFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private final Path file;
  private final String key;

  private record Kept(String key, WordComparison comparison) {
    Kept {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(comparison, "comparison");
    }
  }

  /**
   * @param key of everything that shapes the comparison
   */
  WordComparisonFile(Path file, String key) {
    this.file = file;
    this.key = key;
  }

  Path file() {
    return file;
  }

  boolean isThere() {
    return read(StudyListener.none()).isPresent();
  }

  /** What is kept of the same texts; a damaged file is told of and holds nothing. */
  Optional<WordComparison> read(StudyListener listener) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      @Nullable Kept kept = JSON.readValue(Files.readAllBytes(file), Kept.class);
      return kept != null && key.equals(kept.key())
          ? Optional.of(kept.comparison())
          : Optional.empty();
    } catch (JsonProcessingException damaged) {
      listener.on(
          new StudyEvent.Warned(
              "words are compared again, for " + file + " is damaged: " + damaged.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(WordComparison comparison) {
    try {
      DurableFile.write(file, JSON.writeValueAsBytes(new Kept(key, comparison)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a comparison cannot be written as JSON", e);
    }
  }
}
