package dev.mixlaw.mix.generate.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A draft, as written by the style and changed by filters.
 *
 * @param material the text from which the draft was written
 * @param text the text of the draft
 * @param cutOff whether the generator stopped at its token limit
 * @param score score that a filter assigned; empty if it assigned none
 * @param rejection reason why a filter rejected the draft; empty if it is accepted
 */
public record Draft(
    Material material,
    String text,
    boolean cutOff,
    OptionalDouble score,
    Optional<String> rejection) {
  /** Checks that no component is {@code null}. */
  public Draft {
    Objects.requireNonNull(material, "material");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(rejection, "rejection");
  }

  /** Creates a draft that no filter has scored or rejected. */
  public Draft(Material material, String text, boolean cutOff) {
    this(material, text, cutOff, OptionalDouble.empty(), Optional.empty());
  }

  /** Returns a copy of this draft with the given text. */
  public Draft withText(String newText) {
    return new Draft(material, newText, cutOff, score, rejection);
  }

  /** Returns a copy of this draft with a score, which is recorded with its document. */
  public Draft scored(double newScore) {
    return new Draft(material, text, cutOff, OptionalDouble.of(newScore), rejection);
  }

  /** Returns a copy of this draft that is rejected for the given reason. */
  public Draft rejected(String reason) {
    return new Draft(material, text, cutOff, score, Optional.of(reason));
  }
}
