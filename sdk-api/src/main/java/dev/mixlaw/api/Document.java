package dev.mixlaw.api;

import java.util.Objects;

/**
 * A document in a corpus.
 *
 * @param id identifier that is unique in the corpus and the same in every reading, such as file and
 *     line
 * @param text the text itself, well-formed Unicode
 */
public record Document(String id, String text) {
  /** Checks that nothing is null. */
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
  }
}
