package dev.mixlaw.train.run;

/** Asks all workers to stop, between two steps. */
final class StopSignal {
  private volatile boolean requested;
  private volatile boolean saving;

  /**
   * Asks.
   *
   * @param save whether workers shall write a checkpoint first
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

  /** A worker stopped because it was asked to. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
