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
 * A result with its warnings, or a refusal with the reason why the data do not support a result. It
 * never holds NaN.
 *
 * @param <T> type of the result
 */
public final class Answer<T> {
  private final Optional<T> value;
  private final List<String> warnings;
  private final Optional<Refusal> refusal;

  private Answer(Optional<T> value, List<String> warnings, Optional<Refusal> refusal) {
    this.value = value;
    this.warnings = List.copyOf(warnings);
    this.refusal = refusal;
  }

  /** Returns a known result with warnings. */
  public static <T> Answer<T> known(T value, String... warnings) {
    return known(value, List.of(warnings));
  }

  /**
   * Returns a known result with warnings.
   *
   * @param value the result
   * @param warnings what a reader should know before relying on the result; may be empty
   */
  public static <T> Answer<T> known(T value, List<String> warnings) {
    return new Answer<>(
        Optional.of(Objects.requireNonNull(value, "value")), warnings, Optional.empty());
  }

  /** Returns a refusal; see {@link Refusal} for its parts. */
  public static <T> Answer<T> refused(String question, String reason, String remedy) {
    return refused(new Refusal(question, reason, remedy));
  }

  /** Returns a refusal. */
  public static <T> Answer<T> refused(Refusal refusal) {
    return new Answer<>(Optional.empty(), List.of(), Optional.of(refusal));
  }

  /** Applies a function to the result and keeps the warnings; a refusal is returned unchanged. */
  public <R> Answer<R> map(Function<? super T, ? extends R> function) {
    return fold((v, w) -> known(function.apply(v), w), Answer::refused);
  }

  /**
   * Applies a function that itself returns an answer. The result has the warnings of this answer
   * followed by those of the function, without duplicates. If either answer is a refusal, the
   * result is that refusal.
   */
  public <R> Answer<R> flatMap(Function<? super T, ? extends Answer<R>> function) {
    return fold(
        (v, first) -> {
          Answer<R> next = function.apply(v).map(r -> r);
          return next.fold((r, own) -> known(r, joined(first, own)), Answer::refused);
        },
        Answer::refused);
  }

  /**
   * Returns this answer; a refusal is changed to refer to another question, with the same reason
   * and remedy.
   */
  public Answer<T> withQuestion(String question) {
    return mapRefusal(r -> new Refusal(question, r.reason(), r.remedy()));
  }

  /** Returns this answer; a refusal is replaced by the result of a function. */
  public Answer<T> mapRefusal(UnaryOperator<Refusal> function) {
    return fold(Answer::known, r -> refused(function.apply(r)));
  }

  /** Returns this answer with additional warnings; a refusal is returned unchanged. */
  public Answer<T> andWarnings(List<String> more) {
    return fold((v, own) -> known(v, joined(own, more)), Answer::refused);
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    second.stream().filter(w -> !all.contains(w)).forEach(all::add);
    return all;
  }

  /**
   * Returns the result of one of two functions.
   *
   * @param known receives the result and its warnings
   * @param refused receives the refusal
   */
  public <R> R fold(
      BiFunction<? super T, List<String>, ? extends R> known,
      Function<? super Refusal, ? extends R> refused) {
    return value.isPresent()
        ? known.apply(value.get(), warnings)
        : refused.apply(refusal.orElseThrow());
  }

  /** Returns whether there is a result. */
  public boolean isKnown() {
    return value.isPresent();
  }

  /** Returns the result; empty for a refusal. */
  public Optional<T> toOptional() {
    return value;
  }

  /** Returns the refusal; empty if there is a result. */
  public Optional<Refusal> toRefusal() {
    return refusal;
  }

  /** Returns the warnings of the result; empty for a refusal. */
  public List<String> toWarnings() {
    return warnings;
  }

  /**
   * Returns the result.
   *
   * @throws NoSuchElementException if there is no result; the message is the text of the refusal
   */
  public T orElseThrow() {
    return value.orElseThrow(() -> new NoSuchElementException(toString()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer<?> a
        && value.equals(a.value)
        && warnings.equals(a.warnings)
        && refusal.equals(a.refusal);
  }

  @Override
  public int hashCode() {
    return Objects.hash(value, warnings, refusal);
  }

  @Override
  public String toString() {
    return fold(
        (v, w) -> w.isEmpty() ? v.toString() : v + " (" + String.join("; ", w) + ")",
        Refusal::toString);
  }
}
