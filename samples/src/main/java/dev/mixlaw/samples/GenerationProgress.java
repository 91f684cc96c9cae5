package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.mix.generate.GenerationListener;
import dev.mixlaw.mix.generate.GenerationPlan;
import java.time.Duration;

final class GenerationProgress implements GenerationListener, AutoCloseable {
  private final StatusLine line = new StatusLine();
  private long planned;
  private long answered;
  private long tokens;
  private long refused;

  @Override
  public void planned(GenerationPlan plan) {
    planned = plan.requests();
    show("");
  }

  @Override
  public void answered(boolean earlier, long requests, long tokens, double cost) {
    answered = requests;
    this.tokens = tokens;
    showCounts();
  }

  @Override
  public void retrying(String reason, int attempt, Duration pause) {
    show(reason + "; retry in " + pause.toMillis() + " ms");
  }

  @Override
  public void refused(String document, String by, String reason) {
    refused++;
    showCounts();
  }

  private void showCounts() {
    show(Texts.format("%,d tokens, %d refused", tokens, refused));
  }

  private void show(String detail) {
    line.show("writing", answered, planned, detail);
  }

  @Override
  public void close() {
    line.close();
  }
}
