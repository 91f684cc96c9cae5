package dev.mixlaw.api;

import java.util.Objects;

/**
 * One text of a corpus.
 *
 * @param id unique in its corpus and the same at every reading, such as file and line
 * @param text the text itself, well-formed Unicode
 */
public record Document(String id, String text) {
  /** Checks that nothing is null. */
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
  }
}
