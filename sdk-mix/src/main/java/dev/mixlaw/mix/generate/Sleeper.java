package dev.mixlaw.mix.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass, so that tests need not. */
@FunctionalInterface
interface Sleeper {
  /** Waits so long or until it is told to stop; whether it was. */
  boolean stopped(Duration pause, CountDownLatch stop) throws InterruptedException;

  /** By the clock of the machine. */
  static Sleeper real() {
    return (pause, stop) -> stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
