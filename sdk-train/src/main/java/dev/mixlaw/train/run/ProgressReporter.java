package dev.mixlaw.train.run;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.RunJob.Branch;
import java.util.HashMap;
import java.util.Map;

/** Reports events to the listener, one at a time, and counts the trained tokens of all workers. */
final class ProgressReporter implements JobProgress {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  private final StudyListener listener;
  private final long total;
  private final Map<String, Long> tokensBySegment = new HashMap<>();
  private long tokens;

  ProgressReporter(StudyListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  @Override
  public synchronized void reached(String segment, long reached) {
    long before = tokensBySegment.getOrDefault(segment, 0L);
    if (reached > before) {
      tokensBySegment.put(segment, reached);
      tokens += reached - before;
    }
  }

  @Override
  public synchronized void stepped(
      String segment, long segmentTokens, Branch run, long step, double loss) {
    reached(segment, segmentTokens);
    tell(new StudyEvent.Stepped(run.key(), step, run.steps(), loss, tokens, total));
  }

  synchronized void finished(RunResult result, boolean earlier) {
    tell(new StudyEvent.Finished(result, earlier));
  }

  @Override
  public synchronized void warned(String warning) {
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
