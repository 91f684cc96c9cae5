package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * The text from which one draft is written, such as a passage, keywords or an instruction.
 *
 * @param document id of the new document; its parts must be consecutive
 * @param source id of the source document from which the text was taken
 * @param part index of this part in the new document, from 0
 * @param parts number of parts in the new document
 * @param text the passage, the keywords or the instruction
 * @param gap text between this part and the next part of the new document
 */
public record Material(
    String document, String source, int part, int parts, String text, String gap) {
  /**
   * Checks that no component is {@code null} and that the index is valid.
   *
   * @throws IllegalArgumentException if {@code part} is not from 0 to {@code parts - 1}
   */
  public Material {
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(gap, "gap");
    if (part < 0 || part >= parts) {
      throw new IllegalArgumentException(
          "part: " + part + "; expected 0 or more and less than parts, " + parts);
    }
  }

  /** Returns the material for a document that has only one part. */
  public static Material whole(String document, String source, String text) {
    return new Material(document, source, 0, 1, text, "");
  }

  /** Returns whether this is the last part of its document. */
  public boolean last() {
    return part == parts - 1;
  }
}
