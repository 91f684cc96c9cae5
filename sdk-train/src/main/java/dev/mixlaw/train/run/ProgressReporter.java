package dev.mixlaw.train.run;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import java.util.HashMap;
import java.util.Map;

/** Reports events to the listener, one at a time, and counts the trained tokens of all workers. */
final class ProgressReporter {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final StudyListener listener;
  private final long total;
  private final Map<String, Long> tokensBySegment = new HashMap<>();
  private long tokens;

  ProgressReporter(StudyListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  /**
   * Counts the tokens on which a trunk or branch was trained, in this start or an earlier one.
   *
   * @param segment identity of the trunk or run
   * @param reached number of tokens of the segment itself; a number below an earlier one has no
   *     effect
   */
  synchronized void reached(String segment, long reached) {
    long before = tokensBySegment.getOrDefault(segment, 0L);
    if (reached > before) {
      tokensBySegment.put(segment, reached);
      tokens += reached - before;
    }
  }

  /**
   * Reports a step.
   *
   * @param segment identity of the trunk or branch, of which {@code segmentTokens} tokens are done
   * @param step number of the step, out of the {@code steps} of {@code run}
   */
  synchronized void stepped(
      String segment, long segmentTokens, RunKey run, long step, long steps, double loss) {
    reached(segment, segmentTokens);
    tell(new StudyEvent.Stepped(run, step, steps, loss, tokens, total));
  }

  synchronized void finished(RunResult result, boolean earlier) {
    tell(new StudyEvent.Finished(result, earlier));
  }

  synchronized void warned(String warning) {
    tell(new StudyEvent.Warned(warning));
  }

  private void tell(StudyEvent event) {
    try {
      listener.on(event);
    } catch (RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "a listener failed; the study continues", e);
    }
  }
}
