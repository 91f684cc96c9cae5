package dev.mixlaw.api.results;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A result with its warnings, or the reason why the data do not support one. It never holds NaN.
 *
 * @param <T> type of the result
 */
public sealed interface Answer<T> {
  /**
   * A result that the data support.
   *
   * @param value the result
   * @param warnings what a reader should know before relying on it; empty if nothing
   * @param <T> type of the result
   */
  record Known<T>(T value, List<String> warnings) implements Answer<T> {
    /** Checks that there is a value. */
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

  /**
   * The reason why there is no result.
   *
   * @param refusal question, reason and remedy
   * @param <T> type of the result that was asked for
   */
  record Refused<T>(Refusal refusal) implements Answer<T> {
    /** Checks that there is a reason. */
    public Refused {
      Objects.requireNonNull(refusal, "refusal");
    }

    @Override
    public String toString() {
      return refusal.toString();
    }
  }

  /** Returns a known result with warnings. */
  static <T> Answer<T> known(T value, String... warnings) {
    return new Known<>(value, List.of(warnings));
  }

  /** Returns a known result with warnings. */
  static <T> Answer<T> known(T value, List<String> warnings) {
    return new Known<>(value, warnings);
  }

  /** Returns a refusal; see {@link Refusal} for its parts. */
  static <T> Answer<T> refused(String question, String reason, String remedy) {
    return new Refused<>(new Refusal(question, reason, remedy));
  }

  /** Returns a refusal. */
  static <T> Answer<T> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }

  /** Returns the result of a function with the same warnings; a refusal stays as it is. */
  default <R> Answer<R> map(Function<? super T, ? extends R> function) {
    return fold((value, warnings) -> new Known<>(function.apply(value), warnings), Refused<R>::new);
  }

  /**
   * Returns the answer of a function. Its warnings follow those of this answer, each once. A
   * refusal of either is the result.
   */
  default <R> Answer<R> flatMap(Function<? super T, ? extends Answer<R>> function) {
    return fold(
        (value, first) -> {
          Answer<R> answer = function.apply(value);
          return answer.fold(
              (result, own) -> new Known<>(result, joined(first, own)), Refused<R>::new);
        },
        Refused<R>::new);
  }

  /** Returns this answer; a refusal answers another question, with the same reason and remedy. */
  default Answer<T> withQuestion(String question) {
    return mapRefusal(r -> new Refusal(question, r.reason(), r.remedy()));
  }

  /** Returns this answer; a refusal is replaced by the result of a function. */
  default Answer<T> mapRefusal(UnaryOperator<Refusal> function) {
    return fold(Known::new, refusal -> new Refused<>(function.apply(refusal)));
  }

  /** Returns this answer with more warnings after its own; a refusal stays as it is. */
  default Answer<T> andWarnings(List<String> more) {
    return fold((value, warnings) -> new Known<>(value, joined(warnings, more)), Refused::new);
  }

  /**
   * Returns the result of one of two functions.
   *
   * @param known receives the result and its warnings
   * @param refused receives the refusal
   */
  default <R> R fold(
      BiFunction<? super T, List<String>, ? extends R> known,
      Function<? super Refusal, ? extends R> refused) {
    return this instanceof Known<T> k
        ? known.apply(k.value(), k.warnings())
        : refused.apply(((Refused<T>) this).refusal());
  }

  /** Returns whether there is a result. */
  default boolean isKnown() {
    return this instanceof Known;
  }

  /** Returns the result; empty for a refusal. */
  default Optional<T> toOptional() {
    return this instanceof Known<T> known ? Optional.of(known.value()) : Optional.empty();
  }

  /** Returns the refusal; empty if there is a result. */
  default Optional<Refusal> toRefusal() {
    return this instanceof Refused<T> none ? Optional.of(none.refusal()) : Optional.empty();
  }

  /** Returns the warnings of the result; empty for a refusal. */
  default List<String> toWarnings() {
    return this instanceof Known<T> known ? known.warnings() : List.of();
  }

  /**
   * Returns the result.
   *
   * @throws NoSuchElementException with the refusal's text if there is none
   */
  default T orElseThrow() {
    return toOptional().orElseThrow(() -> new NoSuchElementException(toString()));
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    second.stream().filter(w -> !all.contains(w)).forEach(all::add);
    return all;
  }
}
