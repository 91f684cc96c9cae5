package dev.mixlaw.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error that a user can correct, such as an invalid description, unreadable data or a directory
 * that is not writable. {@link #problems} lists all problems that were found, and the message shows
 * all of them.
 */
public class MixlawException extends RuntimeException {
  private static final long serialVersionUID = 2;

  /** The part of a study that an error is about. */
  public enum Kind {
    /** The description of a study or of rounds. */
    DESCRIPTION,
    /** A corpus, a domain or a tokenizer file. */
    DATA,
    /**
     * The lab's directory, for example if it is damaged, full or not writable, or holds another
     * study.
     */
    STORAGE,
    /** A training engine that is missing or cannot run on this machine. */
    ENGINE,
    /** A text generator that is down, rejects the API key or does not know the model. */
    GENERATOR
  }

  private final Kind kind;
  private final Problem[] problems;

  /** Creates an exception with one problem. */
  public MixlawException(Kind kind, Problem problem) {
    this(kind, List.of(problem), null);
  }

  /** Creates an exception with one problem and its cause, if there is one. */
  public MixlawException(Kind kind, Problem problem, @Nullable Throwable cause) {
    this(kind, List.of(problem), cause);
  }

  /** Creates an exception with any number of problems and their cause, if there is one. */
  public MixlawException(Kind kind, List<Problem> problems, @Nullable Throwable cause) {
    super(message(problems), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.problems = problems.toArray(Problem[]::new);
  }

  /**
   * Returns an exception of kind {@link Kind#DATA} with one problem, given by the parts of a {@link
   * Problem}.
   */
  public static MixlawException data(String subject, String actual, String expected, String fix) {
    return data(subject, actual, expected, fix, null);
  }

  /**
   * Returns an exception of kind {@link Kind#DATA} with one problem and its cause, if there is one.
   */
  public static MixlawException data(
      String subject, String actual, String expected, String fix, @Nullable Throwable cause) {
    return new MixlawException(Kind.DATA, new Problem(subject, actual, expected, fix), cause);
  }

  /** Returns the part of the study that the error is about. */
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
