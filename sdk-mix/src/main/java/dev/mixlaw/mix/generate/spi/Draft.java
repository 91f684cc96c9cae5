package dev.mixlaw.mix.generate.spi;

import java.util.Objects;

/**
 * A text as a style and the filters before left it.
 *
 * @param cutOff whether the generator stopped at its limit of tokens
 */
public record Draft(Material material, String text, boolean cutOff) {
  public Draft {
    Objects.requireNonNull(material, "material");
    Objects.requireNonNull(text, "text");
  }
}
