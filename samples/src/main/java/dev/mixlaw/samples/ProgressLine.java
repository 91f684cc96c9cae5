package dev.mixlaw.samples;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;

final class ProgressLine implements StudyListener, AutoCloseable {
  private final StatusLine line = new StatusLine();
  private final long start = System.nanoTime();

  @Override
  public void on(StudyEvent event) {
    if (event instanceof StudyEvent.Preparing preparing) {
      line.show("preparing", preparing.done(), preparing.total(), preparing.stage());
    } else if (event instanceof StudyEvent.Stepped stepped) {
      String loss = Texts.format("loss %.3f  %s", stepped.loss(), name(stepped.run()));
      line.show("training", stepped.studyTokens(), stepped.studyTotal(), loss);
    } else if (event instanceof StudyEvent.Finished finished && !finished.result().completed()) {
      RunResult result = finished.result();
      close();
      System.err.println(name(result.key()) + ": " + result.outcome());
    } else if (event instanceof StudyEvent.Warned warned) {
      close();
      System.err.println(warned.warning());
    }
  }

  /**
   * Shows the progress of a stage, from two seconds after the creation of this line on.
   *
   * @param newStage name of the stage, such as fitting
   * @param part fraction of the stage that is complete, from 0 to 1
   */
  void show(String newStage, double part) {
    if (System.nanoTime() - start > 2_000_000_000L) {
      line.show(newStage, Math.round(1000 * part), 1000, "");
    }
  }

  private static String name(RunKey key) {
    return key.mixture() + " " + key.model() + " seed " + key.seed();
  }

  /** Ends the line, so that other text can follow. */
  @Override
  public void close() {
    line.close();
  }
}
