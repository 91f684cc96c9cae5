package dev.mixlaw.mix.generate.internal;

import dev.mixlaw.mix.generate.GenerationEvent;
import dev.mixlaw.mix.generate.GenerationListener;

/** Tells a listener of one event at a time, whichever threads they come from. */
final class OneAtATime implements GenerationListener {
  private final GenerationListener listener;

  OneAtATime(GenerationListener listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void on(GenerationEvent event) {
    listener.on(event);
  }
}
