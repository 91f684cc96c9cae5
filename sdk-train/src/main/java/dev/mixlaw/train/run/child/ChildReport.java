package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.RunKey;
import java.util.List;
import java.util.Optional;

/**
 * A report on what happens in a job. A child JVM sends it to its parent as a line of JSON.
 *
 * @param subject what the report is about: the identity of a trunk or run, the name of a text, or a
 *     sentence
 * @param tokens number of tokens of the subject that are done
 * @param run the run to which a step or measurement belongs; for a trunk, the run with the largest
 *     budget
 * @param step number of the step, from 1 to {@code steps}
 * @param value loss of the step, or the measured value
 * @param gradientNorm gradient norm of the step
 * @param learningRate learning rate of the step
 */
public record ChildReport(
    Kind kind,
    String subject,
    long tokens,
    Optional<RunKey> run,
    long step,
    long steps,
    double value,
    double gradientNorm,
    double learningRate,
    List<Problem> problems) {
  /** Kinds of reports. */
  public enum Kind {
    /** The child is alive. */
    ALIVE,
    /** Tokens of a trunk, branch or text are done, now or in an earlier start. */
    REACHED,
    /** A training step was taken. */
    STEPPED,
    /** A run was measured; the subject is the domain or test. */
    MEASURED,
    /** A run has ended and is in the lab. */
    ENDED,
    /** The job gives a warning; the subject is its text. */
    WARNED,
    /** The job has failed for a reason that concerns the parent; the subject is its kind. */
    FAILED
  }

  /** Creates a report that is not about a run. */
  public static ChildReport of(Kind kind, String subject, long tokens) {
    return of(kind, subject, tokens, List.of());
  }

  static ChildReport of(MixlawException failure) {
    return of(Kind.FAILED, failure.kind().name(), 0, failure.problems());
  }

  private static ChildReport of(Kind kind, String subject, long tokens, List<Problem> problems) {
    return new ChildReport(kind, subject, tokens, Optional.empty(), 0, 0, 0, 0, 0, problems);
  }

  /** Creates a report on the measurement of a run on a domain or test. */
  public static ChildReport measured(RunKey run, String on, double value) {
    return new ChildReport(Kind.MEASURED, on, 0, Optional.of(run), 0, 0, value, 0, 0, List.of());
  }

  MixlawException failure() {
    return new MixlawException(MixlawException.Kind.valueOf(subject), problems, null);
  }
}
