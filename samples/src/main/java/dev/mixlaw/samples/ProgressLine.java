package dev.mixlaw.samples;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

final class ProgressLine implements StudyListener, AutoCloseable {
  private @Nullable ProgressBar bar;
  private final long start = System.nanoTime();
  private String stage = "";

  @Override
  public void on(StudyEvent event) {
    if (event instanceof StudyEvent.Preparing preparing) {
      show("preparing", preparing.total(), preparing.done(), preparing.stage());
    } else if (event instanceof StudyEvent.Stepped stepped) {
      String loss =
          String.format(Locale.ROOT, "loss %.3f  %s", stepped.loss(), name(stepped.run()));
      show("training", stepped.studyTotal(), stepped.studyTokens(), loss);
    } else if (event instanceof StudyEvent.Finished finished && !finished.result().completed()) {
      RunResult result = finished.result();
      end();
      System.err.println(name(result.key()) + ": " + result.outcome());
    } else if (event instanceof StudyEvent.Warned warned) {
      end();
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
      show(newStage, 1000, Math.round(1000 * part), "");
    }
  }

  private void show(String newStage, long total, long done, String message) {
    ProgressBar current = bar;
    if (current == null || !newStage.equals(stage)) {
      end();
      stage = newStage;
      current = bar(newStage, total);
      bar = current;
    }
    current.maxHint(total > 0 ? total : -1);
    current.stepTo(done);
    current.setExtraMessage(message);
  }

  static ProgressBar bar(String task, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .setMaxRenderedLength(120)
        .build();
  }

  private static String name(RunKey key) {
    return key.mixture() + " " + key.model() + " seed " + key.seed();
  }

  private void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    end();
  }
}
