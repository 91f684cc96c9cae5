package dev.mixlaw.train.run;

/** A signal that stops all workers between two steps. */
final class StopSignal {
  private volatile boolean requested;
  private volatile boolean saving;

  /**
   * Requests all workers to stop.
   *
   * @param save whether they write a checkpoint first
   */
  void request(boolean save) {
    saving = save && !requested;
    requested = true;
  }

  boolean requested() {
    return requested;
  }

  boolean saving() {
    return saving;
  }

  void check() {
    if (requested) {
      throw new Stopped();
    }
  }

  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
