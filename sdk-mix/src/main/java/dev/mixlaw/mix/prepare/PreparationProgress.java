package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import java.util.function.LongConsumer;

/** Tells a listener how far a stage is: at its beginning, each megabyte and at its end. */
final class PreparationProgress implements LongConsumer {
  private static final long STEP = 1 << 20;

  private final StudyListener listener;
  private final String stage;
  private final long total;
  private long next = STEP;

  /**
   * @param total bytes of text, 0 if unknown
   */
  PreparationProgress(StudyListener listener, String stage, long total) {
    this.listener = listener;
    this.stage = stage;
    this.total = total;
    tell(0);
  }

  @Override
  public void accept(long done) {
    if (done >= next) {
      next = done + STEP;
      tell(done);
    }
  }

  void finish(long done) {
    tell(done);
  }

  private void tell(long done) {
    listener.on(new StudyEvent.Preparing(stage, done, total));
  }
}
