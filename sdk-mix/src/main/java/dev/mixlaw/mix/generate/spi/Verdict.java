package dev.mixlaw.mix.generate.spi;

import java.util.Objects;
import java.util.OptionalDouble;

/** What a filter decides on a draft. */
public sealed interface Verdict {
  /**
   * It goes on.
   *
   * @param text as it was, or mended
   * @param score if the filter gives one: recorded with the document
   */
  record Kept(String text, OptionalDouble score) implements Verdict {
    public Kept {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(score, "score");
    }
  }

  /** It is left out. */
  record Refused(String reason) implements Verdict {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  static Verdict kept(String text) {
    return new Kept(text, OptionalDouble.empty());
  }

  static Verdict scored(String text, double score) {
    return new Kept(text, OptionalDouble.of(score));
  }

  static Verdict refused(String reason) {
    return new Refused(reason);
  }
}
