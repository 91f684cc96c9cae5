package dev.mixlaw.api.results;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** A statement with its warnings, or the reason why there is none. Never NaN. */
public sealed interface Answer<T> {
  /** The statement. */
  record Known<T>(T value, List<String> warnings) implements Answer<T> {
    public Known {
      Objects.requireNonNull(value, "value");
      warnings = List.copyOf(warnings);
    }

    @Override
    public String toString() {
      return warnings.isEmpty()
          ? value.toString()
          : value + " (" + String.join("; ", warnings) + ")";
    }
  }

  /** Why there is none. */
  record Refused<T>(Refusal refusal) implements Answer<T> {
    public Refused {
      Objects.requireNonNull(refusal, "refusal");
    }

    @Override
    public String toString() {
      return refusal.toString();
    }
  }

  static <T> Answer<T> known(T value, String... warnings) {
    return new Known<>(value, List.of(warnings));
  }

  static <T> Answer<T> refused(String question, String reason, String remedy) {
    return new Refused<>(new Refusal(question, reason, remedy));
  }

  default Optional<T> toOptional() {
    return this instanceof Known<T> known ? Optional.of(known.value()) : Optional.empty();
  }

  /**
   * The statement itself.
   *
   * @throws NoSuchElementException with the refusal's text
   */
  default T orElseThrow() {
    return toOptional().orElseThrow(() -> new NoSuchElementException(toString()));
  }
}
