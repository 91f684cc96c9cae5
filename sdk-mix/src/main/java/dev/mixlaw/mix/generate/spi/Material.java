package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * The input for one draft, such as a passage, keywords or an instruction.
 *
 * @param document id of the document to be made; the parts of a document follow each other
 * @param source id of the document from which the material comes
 * @param part number of the part, from 0
 * @param parts number of parts in the document
 * @param text the passage, the keywords or the instruction
 * @param gap text between this part and the next one in the document
 */
public record Material(
    String document, String source, int part, int parts, String text, String gap) {
  /**
   * Checks the number of the part.
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

  /** Returns the material of a document with one part. */
  public static Material whole(String document, String source, String text) {
    return new Material(document, source, 0, 1, text, "");
  }

  /** Returns whether this is the last part of its document. */
  public boolean last() {
    return part == parts - 1;
  }
}
