package dev.mixlaw.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something a user can mend; {@link #problems()} says what, all of it at once. */
public class MixlawException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of thing went wrong. */
  public enum Kind {
    /** The study's description. */
    DESCRIPTION,
    /** A corpus, domain or tokenizer file. */
    DATA,
    /** The lab's directory: another study's, damaged, full, not writable. */
    STORAGE,
    /** No engine, or one that cannot run here. */
    ENGINE,
    /** A text generator that is down, refuses its key or does not know its model. */
    GENERATOR
  }

  private final Kind kind;
  private final transient List<Problem> problems;

  public MixlawException(Kind kind, Problem problem) {
    this(kind, List.of(problem), null);
  }

  public MixlawException(Kind kind, Problem problem, @Nullable Throwable cause) {
    this(kind, List.of(problem), cause);
  }

  public MixlawException(Kind kind, List<Problem> problems, @Nullable Throwable cause) {
    super(message(problems), cause);
    this.kind = kind;
    this.problems = List.copyOf(problems);
  }

  public Kind kind() {
    return kind;
  }

  public List<Problem> problems() {
    return problems;
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
