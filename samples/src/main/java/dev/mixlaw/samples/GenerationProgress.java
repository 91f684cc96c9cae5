package dev.mixlaw.samples;

import dev.mixlaw.mix.generate.GenerationEvent;
import dev.mixlaw.mix.generate.GenerationListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a generation's events as a progress line on standard error. */
final class GenerationProgress implements GenerationListener, AutoCloseable {
  private final ProgressBar bar =
      new ProgressBarBuilder()
          .setTaskName("writing")
          .setInitialMax(0)
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(500)
          .setMaxRenderedLength(120)
          .build();
  private long refused;

  @Override
  public void on(GenerationEvent event) {
    if (event instanceof GenerationEvent.Planned planned) {
      bar.maxHint(planned.plan().all().requests());
    } else if (event instanceof GenerationEvent.Answered answered) {
      bar.stepTo(answered.requests());
      bar.setExtraMessage(
          String.format(Locale.ROOT, "%,d tokens, %d refused", answered.tokens(), refused));
    } else if (event instanceof GenerationEvent.Retrying retrying) {
      bar.setExtraMessage(retrying.reason() + "; retry in " + retrying.pause().toMillis() + " ms");
    } else if (event instanceof GenerationEvent.Refused) {
      refused++;
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
