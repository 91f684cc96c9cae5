package dev.mixlaw.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a user must correct something, such as an invalid description, unreadable data or a
 * directory that is not writable. {@link #problems} returns all problems that were found, and the
 * message contains all of them.
 */
public class MixlawException extends RuntimeException {
  private static final long serialVersionUID = 2;

  /** The kind of an error, named after the part of a study that must be corrected. */
  public enum Kind {
    /** The description of a study or of rounds is invalid. */
    DESCRIPTION,
    /** A corpus, a domain or the file of a tokenizer is missing, unreadable or invalid. */
    DATA,
    /**
     * The directory of the lab cannot be used, for example because it is damaged, full, not
     * writable, or contains another study.
     */
    STORAGE,
    /** A training engine is missing or cannot run on this machine. */
    ENGINE,
    /** A text generator is down, rejects the API key or does not know the model. */
    GENERATOR
  }

  private final Kind kind;
  private final Problem[] problems;

  /** Creates an exception for a single problem. */
  public MixlawException(Kind kind, Problem problem) {
    this(kind, List.of(problem), null);
  }

  /** Creates an exception for a single problem with a cause, which may be null. */
  public MixlawException(Kind kind, Problem problem, @Nullable Throwable cause) {
    this(kind, List.of(problem), cause);
  }

  /** Creates an exception for several problems with a cause, which may be null. */
  public MixlawException(Kind kind, List<Problem> problems, @Nullable Throwable cause) {
    super(message(problems), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.problems = problems.toArray(Problem[]::new);
  }

  /**
   * Returns an exception of kind {@link Kind#DATA} for the {@link Problem} with the given
   * components.
   */
  public static MixlawException data(String subject, String actual, String expected, String fix) {
    return data(subject, actual, expected, fix, null);
  }

  /**
   * Returns an exception of kind {@link Kind#DATA} for the {@link Problem} with the given
   * components, and with a cause, which may be null.
   */
  public static MixlawException data(
      String subject, String actual, String expected, String fix, @Nullable Throwable cause) {
    return new MixlawException(Kind.DATA, new Problem(subject, actual, expected, fix), cause);
  }

  /**
   * Returns an exception of kind {@link Kind#DESCRIPTION} for the {@link Problem} with the given
   * components.
   */
  public static MixlawException description(
      String subject, String actual, String expected, String fix) {
    return new MixlawException(Kind.DESCRIPTION, new Problem(subject, actual, expected, fix));
  }

  /**
   * Returns an exception of kind {@link Kind#STORAGE} for the {@link Problem} with the given
   * components.
   */
  public static MixlawException storage(
      String subject, String actual, String expected, String fix) {
    return new MixlawException(Kind.STORAGE, new Problem(subject, actual, expected, fix));
  }

  /**
   * Returns an exception of kind {@link Kind#STORAGE} for the {@link Problem} with the given
   * components, and with a cause, which may be null.
   */
  public static MixlawException storage(
      String subject, String actual, String expected, String fix, @Nullable Throwable cause) {
    return new MixlawException(Kind.STORAGE, new Problem(subject, actual, expected, fix), cause);
  }

  /**
   * Returns an exception of kind {@link Kind#ENGINE} for the {@link Problem} with the given
   * components.
   */
  public static MixlawException engine(String subject, String actual, String expected, String fix) {
    return new MixlawException(Kind.ENGINE, new Problem(subject, actual, expected, fix));
  }

  /**
   * Returns an exception of kind {@link Kind#ENGINE} for the {@link Problem} with the given
   * components, and with a cause, which may be null.
   */
  public static MixlawException engine(
      String subject, String actual, String expected, String fix, @Nullable Throwable cause) {
    return new MixlawException(Kind.ENGINE, new Problem(subject, actual, expected, fix), cause);
  }

  /**
   * Throws an exception if there are problems.
   *
   * @param kind kind of the exception
   * @param problems all problems that were found, or none
   * @throws MixlawException if there is at least one problem; the exception lists all of them
   */
  public static void throwIfAny(Kind kind, List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new MixlawException(kind, problems, null);
    }
  }

  /** Returns the kind of this error. */
  public Kind kind() {
    return kind;
  }

  /** Returns all problems that were found. */
  public List<Problem> problems() {
    return List.of(problems);
  }

  private static String message(List<Problem> problems) {
    if (problems.size() == 1) {
      return problems.get(0).toString();
    }
    StringBuilder text = new StringBuilder(problems.size() + " problems:");
    problems.forEach(p -> text.append("\n  - ").append(p));
    return text.toString();
  }
}
