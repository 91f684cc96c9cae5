package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts the sessions that share the CUDA context of this process on a GPU. An error that makes the
 * context unusable affects all of these sessions. New sessions wait until all of these sessions
 * have been closed, because the context can then be used again.
 */
final class DeviceContextCount {
  private static final Map<Integer, DeviceContextCount> BY_CARD = new ConcurrentHashMap<>();

  private int sessions;
  private boolean broken;

  private DeviceContextCount() {}

  static DeviceContextCount of(int device) {
    return BY_CARD.computeIfAbsent(device, d -> new DeviceContextCount());
  }

  /**
   * Adds a session. If the context is unusable, waits until all other sessions have been closed.
   *
   * @throws MixlawException if the wait takes longer than the timeout, or the thread is interrupted
   */
  synchronized void acquire(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (broken && sessions > 0) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw MixlawException.engine(
            "engine cuda: the card's context is broken and still in use",
            sessions + " sessions are open",
            "all sessions closed before a new one is opened",
            "close the open sessions");
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw MixlawException.engine(
            "engine cuda: waiting until a broken context can be replaced",
            "the thread was interrupted",
            "an uninterrupted wait",
            "run the study again",
            e);
      }
    }
    broken = false;
    sessions++;
  }

  synchronized void release() {
    sessions--;
    notifyAll();
  }

  synchronized void markBroken() {
    broken = true;
  }
}
