package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * What one draft is written from: a passage, keywords, an instruction.
 *
 * @param document id of the document to be made; those of several parts follow each other
 * @param source id of the document that it comes from
 * @param part from 0
 * @param parts of the document
 * @param text the passage, the keywords, the instruction
 * @param gap what stands between this part and the next when they are joined again
 */
public record Material(
    String document, String source, int part, int parts, String text, String gap) {
  public Material {
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(gap, "gap");
    if (part < 0 || part >= parts) {
      throw new IllegalArgumentException("part " + part + " of " + parts);
    }
  }

  /** Material for a document of one part. */
  public static Material whole(String document, String source, String text) {
    return new Material(document, source, 0, 1, text, "");
  }

  public boolean last() {
    return part == parts - 1;
  }
}
