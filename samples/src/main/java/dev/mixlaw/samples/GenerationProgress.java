package dev.mixlaw.samples;

import dev.mixlaw.mix.generate.GenerationListener;
import dev.mixlaw.mix.generate.GenerationPlan;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;

final class GenerationProgress implements GenerationListener, AutoCloseable {
  private final ProgressBar bar = ProgressLine.bar("writing", 0);
  private long refused;

  @Override
  public void planned(GenerationPlan plan) {
    bar.maxHint(plan.requests());
  }

  @Override
  public void answered(boolean earlier, long requests, long tokens, double cost) {
    bar.stepTo(requests);
    bar.setExtraMessage(String.format(Locale.ROOT, "%,d tokens, %d refused", tokens, refused));
  }

  @Override
  public void retrying(String reason, int attempt, Duration pause) {
    bar.setExtraMessage(reason + "; retry in " + pause.toMillis() + " ms");
  }

  @Override
  public void refused(String document, String by, String reason) {
    refused++;
  }

  @Override
  public void close() {
    bar.close();
  }
}
