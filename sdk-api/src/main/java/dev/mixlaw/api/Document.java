package dev.mixlaw.api;

import java.util.Objects;

/**
 * A document in a corpus.
 *
 * @param id identifier, such as file and line; unique in the corpus and the same each time the
 *     corpus is read
 * @param text the text of the document, as well-formed Unicode
 */
public record Document(String id, String text) {
  /** Checks that no component is null. */
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
  }
}
