package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.util.List;

/**
 * What a child JVM tells its parent, as a line of JSON.
 *
 * @param subject of the report, such as the identity of a run
 * @param tokens done, for {@link Kind#REACHED}, {@link Kind#STEPPED} and {@link Kind#WRITING}
 * @param step number of the step, for {@link Kind#STEPPED}
 * @param loss of the step, for {@link Kind#STEPPED}
 */
public record ChildReport(
    Kind kind, String subject, long tokens, long step, double loss, List<Problem> problems) {
  /** Kinds of reports. */
  public enum Kind {
    /** The child is alive. */
    ALIVE,
    /** The job has reached a number of tokens of the subject. */
    REACHED,
    /** A training step was taken. */
    STEPPED,
    /** The subject has ended and is in the lab. */
    ENDED,
    /** Something was corrected; the subject is a sentence. */
    WARNED,
    /** Tokens of a text were written. */
    WRITING,
    /** The job has failed for a reason that concerns the parent; the subject is its kind. */
    FAILED
  }

  /** Creates a report about tokens. */
  public static ChildReport of(Kind kind, String subject, long tokens) {
    return new ChildReport(kind, subject, tokens, 0, 0, List.of());
  }

  static ChildReport of(MixlawException failure) {
    return new ChildReport(Kind.FAILED, failure.kind().name(), 0, 0, 0, failure.problems());
  }

  MixlawException failure() {
    return new MixlawException(MixlawException.Kind.valueOf(subject), problems, null);
  }
}
