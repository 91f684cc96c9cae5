package dev.mixlaw.train.run;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.child.ChildReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Passes events to the listener, one at a time, and counts the trained tokens. */
final class ProgressReporter implements Consumer<ChildReport> {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final StudyListener listener;
  private final long total;
  private final Map<String, Reached> bySegment = new HashMap<>();
  private final Set<RunKey> started = new HashSet<>();

  /** The number of tokens in a trunk or branch so far, and the time of the last step in it. */
  private record Reached(long tokens, long nanos) {}

  ProgressReporter(StudyListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  /**
   * Receives a report about a job. Ignores a number of tokens that is smaller than an earlier one.
   */
  @Override
  public synchronized void accept(ChildReport report) {
    if (report.kind() == ChildReport.Kind.WARNED) {
      tell(new StudyEvent.Warned(report.subject()));
      return;
    }
    report.run().filter(started::add).ifPresent(run -> tell(new StudyEvent.Started(run)));
    if (report.kind() == ChildReport.Kind.MEASURED) {
      tell(new StudyEvent.Measured(report.run().orElseThrow(), report.subject(), report.value()));
      return;
    }
    long now = System.nanoTime();
    Reached before = bySegment.getOrDefault(report.subject(), new Reached(0, now));
    long more = report.tokens() - before.tokens();
    bySegment.put(report.subject(), new Reached(Math.max(before.tokens(), report.tokens()), now));
    if (report.kind() == ChildReport.Kind.STEPPED) {
      tell(
          new StudyEvent.Stepped(
              report.run().orElseThrow(),
              report.step(),
              report.steps(),
              report.value(),
              report.gradientNorm(),
              report.learningRate(),
              now > before.nanos() ? 1e9 * Math.max(0, more) / (now - before.nanos()) : 0,
              bySegment.values().stream().mapToLong(Reached::tokens).sum(),
              total));
    }
  }

  synchronized void finished(RunResult result, boolean earlier) {
    tell(new StudyEvent.Finished(result, earlier));
  }

  private void tell(StudyEvent event) {
    try {
      listener.on(event);
    } catch (RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a progress listener failed; the study continues", e);
    }
  }
}
