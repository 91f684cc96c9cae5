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
 * A result with warnings, or a {@link Refusal}: the reason why the data do not support a result.
 * Results never contain NaN.
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

  /** Returns an answer with a result and warnings. */
  public static <T> Answer<T> known(T value, String... warnings) {
    return known(value, List.of(warnings));
  }

  /**
   * Returns an answer with a result and warnings.
   *
   * @param value the result
   * @param warnings what a reader should know before relying on the result; may be empty
   */
  public static <T> Answer<T> known(T value, List<String> warnings) {
    return new Answer<>(
        Optional.of(Objects.requireNonNull(value, "value")), warnings, Optional.empty());
  }

  /**
   * Returns an answer without a result. The arguments are the components of its {@link Refusal}.
   */
  public static <T> Answer<T> refused(String question, String reason, String remedy) {
    return refused(new Refusal(question, reason, remedy));
  }

  /** Returns an answer without a result, with the given reason. */
  public static <T> Answer<T> refused(Refusal refusal) {
    return new Answer<>(Optional.empty(), List.of(), Optional.of(refusal));
  }

  /**
   * Applies a function to the result and keeps the warnings. An answer without a result is returned
   * unchanged.
   */
  public <R> Answer<R> map(Function<? super T, ? extends R> function) {
    return fold((v, w) -> known(function.apply(v), w), Answer::refused);
  }

  /**
   * Applies a function, which itself returns an answer, to the result. The warnings of this answer
   * and of the returned one are combined without duplicates. An answer without a result is returned
   * unchanged.
   */
  public <R> Answer<R> flatMap(Function<? super T, ? extends Answer<R>> function) {
    return fold(
        (v, first) -> {
          Answer<R> next = function.apply(v).map(r -> r);
          return next.fold((r, own) -> known(r, joined(first, own)), Answer::refused);
        },
        Answer::refused);
  }

  /** Returns this answer. If it has no result, the question in its {@link Refusal} is replaced. */
  public Answer<T> withQuestion(String question) {
    return mapRefusal(r -> new Refusal(question, r.reason(), r.remedy()));
  }

  /**
   * Returns this answer. If it has no result, its {@link Refusal} is replaced by the value of a
   * function.
   */
  public Answer<T> mapRefusal(UnaryOperator<Refusal> function) {
    return fold(Answer::known, r -> refused(function.apply(r)));
  }

  /**
   * Returns a copy of this answer with additional warnings. An answer without a result is returned
   * unchanged.
   */
  public Answer<T> andWarnings(List<String> more) {
    return fold((v, own) -> known(v, joined(own, more)), Answer::refused);
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    second.stream().filter(w -> !all.contains(w)).forEach(all::add);
    return all;
  }

  /**
   * Applies one of two functions and returns its value.
   *
   * @param known receives the result and its warnings
   * @param refused receives the reason if there is no result
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

  /** Returns the result; empty if there is none. */
  public Optional<T> toOptional() {
    return value;
  }

  /** Returns the reason why there is no result; empty if there is one. */
  public Optional<Refusal> toRefusal() {
    return refusal;
  }

  /** Returns the warnings; empty if there is no result. */
  public List<String> toWarnings() {
    return warnings;
  }

  /**
   * Returns the result.
   *
   * @throws NoSuchElementException if there is no result; the message contains the reason
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
