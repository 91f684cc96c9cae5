package dev.mixlaw.mix.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sleeps between the attempts of a request. Tests replace the sleeper. */
@FunctionalInterface
interface Sleeper {
  /** Sleeps for a time or until the latch opens; returns whether the latch is open. */
  boolean sleep(Duration pause, CountDownLatch stop) throws InterruptedException;

  /** Returns a sleeper that uses the system clock. */
  static Sleeper system() {
    return (pause, stop) -> stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
