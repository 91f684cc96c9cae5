package dev.mixlaw.api;

import java.util.Objects;

/**
 * One text of a corpus.
 *
 * @param id where it came from: unique in its corpus, stable between readings
 * @param text the text itself, well-formed Unicode
 */
public record Document(String id, String text) {
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
  }
}
