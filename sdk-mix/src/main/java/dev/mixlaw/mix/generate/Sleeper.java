package dev.mixlaw.mix.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

@FunctionalInterface
interface Sleeper {
  /** Waits for a time or until the latch is released. Returns whether the latch was released. */
  boolean sleep(Duration pause, CountDownLatch stop) throws InterruptedException;

  static Sleeper system() {
    return (pause, stop) -> stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
