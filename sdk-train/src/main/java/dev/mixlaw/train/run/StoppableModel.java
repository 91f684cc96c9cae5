package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.LanguageModel;

/** A model whose methods throw {@link StopSignal.Stopped} once a stop is requested. */
record StoppableModel(LanguageModel model, StopSignal stop) implements LanguageModel {
  @Override
  public int context() {
    return model.context();
  }

  @Override
  public int vocabulary() {
    return model.vocabulary();
  }

  @Override
  public void losses(int[] ids, int rows, int length, int first, float[] nats) {
    stop.check();
    model.losses(ids, rows, length, first, nats);
  }
}
