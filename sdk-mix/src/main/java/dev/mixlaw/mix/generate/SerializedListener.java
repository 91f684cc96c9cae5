package dev.mixlaw.mix.generate;

/** Tells a listener of one event at a time, whichever threads they come from. */
final class SerializedListener implements GenerationListener {
  private final GenerationListener listener;

  SerializedListener(GenerationListener listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void on(GenerationEvent event) {
    listener.on(event);
  }
}
