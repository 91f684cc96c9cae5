package dev.mixlaw.train.run;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.child.ChildReport;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Passes events to the listener, one at a time, and counts the trained tokens. */
final class ProgressReporter implements Consumer<ChildReport> {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final StudyListener listener;
  private final long total;
  private final Map<String, Long> tokensBySegment = new HashMap<>();

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
    tokensBySegment.merge(report.subject(), report.tokens(), Math::max);
    long tokens = tokensBySegment.values().stream().mapToLong(Long::longValue).sum();
    report
        .run()
        .ifPresent(
            run ->
                tell(
                    new StudyEvent.Stepped(
                        run, report.step(), report.steps(), report.loss(), tokens, total)));
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
