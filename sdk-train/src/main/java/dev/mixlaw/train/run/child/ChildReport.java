package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.RunKey;
import java.util.List;
import java.util.Optional;

/**
 * A report about a job, which a child JVM sends to its parent as a line of JSON.
 *
 * @param subject identity of a trunk or run, label of a text, or text of a message
 * @param tokens number of tokens of the subject that have been processed
 * @param run the run to which a step or measurement belongs; for a step of a trunk, the run with
 *     the largest budget
 * @param step index of the step, from 1 to {@code steps}
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
  public enum Kind {
    ALIVE,
    /** Tokens of a trunk, branch or text have been processed, by this job or an earlier one. */
    REACHED,
    STEPPED,
    /** A run was measured; the subject names the domain or test and the metric. */
    MEASURED,
    /** A run has ended and has been stored in the lab. */
    ENDED,
    /** The job reports a warning, whose text is the subject. */
    WARNED,
    /** The job has failed for a reason that also affects the parent. */
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
