package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Who holds the process's context on a card. What breaks one session breaks the context for all,
 * and it stays as it is until the last of them has gone: who comes then waits for that.
 */
final class DeviceContextCount {
  private static final Map<Integer, DeviceContextCount> BY_CARD = new ConcurrentHashMap<>();

  private int sessions;
  private boolean broken;

  private DeviceContextCount() {}

  static DeviceContextCount of(int device) {
    return BY_CARD.computeIfAbsent(device, d -> new DeviceContextCount());
  }

  /** Comes in, when what is there is whole. */
  synchronized void acquire(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (broken && sessions > 0) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new MixlawException(
            MixlawException.Kind.ENGINE,
            new Problem(
                "engine cuda: a broken card is still held",
                sessions + " sessions were not closed",
                "all closed before another is opened",
                "the application"));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MixlawException(
            MixlawException.Kind.ENGINE,
            new Problem(
                "engine cuda: waiting for a broken card", "interrupted", "patience", "none"),
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
