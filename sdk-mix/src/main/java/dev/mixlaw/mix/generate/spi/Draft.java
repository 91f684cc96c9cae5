package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * A draft, as written by the style and changed by the preceding filters.
 *
 * @param material the text from which the draft was written
 * @param text the text after the preceding filters
 * @param cutOff whether the generator stopped at its token limit
 */
public record Draft(Material material, String text, boolean cutOff) {
  /** Checks that no component is {@code null}. */
  public Draft {
    Objects.requireNonNull(material, "material");
    Objects.requireNonNull(text, "text");
  }
}
