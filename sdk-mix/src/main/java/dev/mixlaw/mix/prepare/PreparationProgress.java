package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Interrupts;
import java.util.function.LongConsumer;

/**
 * Reports the progress of a stage to a listener: at the beginning, after each megabyte and at the
 * end. Cancels the stage if the thread is interrupted.
 */
final class PreparationProgress implements LongConsumer {
  private static final long STEP = 1 << 20;

  private final StudyListener listener;
  private final String stage;
  private final long total;
  private long next = STEP;

  /** Reports the beginning of a stage with {@code total} bytes of text, or 0 if unknown. */
  PreparationProgress(StudyListener listener, String stage, long total) {
    this.listener = listener;
    this.stage = stage;
    this.total = total;
    report(0);
  }

  @Override
  public void accept(long done) {
    Interrupts.check();
    if (done >= next) {
      next = done + STEP;
      report(done);
    }
  }

  void finish(long done) {
    report(done);
  }

  private void report(long done) {
    listener.on(new StudyEvent.Preparing(stage, done, total));
  }
}
