package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * A text as the style and the filters before left it.
 *
 * @param material what it was written from
 * @param text the text so far
 * @param cutOff whether the generator stopped at its token limit
 */
public record Draft(Material material, String text, boolean cutOff) {
  /** Checks that nothing is null. */
  public Draft {
    Objects.requireNonNull(material, "material");
    Objects.requireNonNull(text, "text");
  }
}
