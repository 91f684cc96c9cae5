package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.DeviceProfile;
import dev.mixlaw.train.engine.llama.ProductShape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Where lanes spend their time, seen by looking at them a thousand times a second: clocks in the
 * kernels would cost every step something.
 */
record LaneProfile(LaneThreads lanes, Precision precision) implements DeviceProfile {
  private static final long LOOK_NANOS = 1_000_000;
  private static final String KERNELS = OneDnnKernels.class.getName();
  private static final String WAITING = "waiting";
  private static final String BETWEEN = "between kernels";

  @Override
  public Map<String, Double> secondsByKernel(Runnable work) {
    Watch watch = new Watch(lanes.threads());
    Thread watching = new Thread(watch, "mixlaw-profile");
    watching.setDaemon(true);
    long start = System.nanoTime();
    watching.start();
    try {
      work.run();
    } finally {
      watch.done = true;
      join(watching);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long looks = watch.seen.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Double> byKernel = new TreeMap<>();
    watch.seen.forEach((kernel, times) -> byKernel.put(kernel, seconds * times / looks));
    return byKernel;
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public double secondsOf(IntFunction<List<ProductShape>> ofLane) {
    return ProductLimit.seconds(lanes, ofLane, precision);
  }

  @Override
  public String productFormat() {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** Counts what lanes are seen at. */
  private static final class Watch implements Runnable {
    private final List<Thread> threads;
    private final Map<String, Long> seen = new TreeMap<>();
    private volatile boolean done;

    Watch(List<Thread> threads) {
      this.threads = threads;
    }

    @Override
    public void run() {
      while (!done) {
        for (Thread thread : threads) {
          seen.merge(kernel(thread), 1L, Long::sum);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }

    private static String kernel(Thread thread) {
      if (thread.getState() != Thread.State.RUNNABLE) {
        return WAITING;
      }
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (frame.getClassName().equals(KERNELS)) {
          return frame.getMethodName();
        }
      }
      return BETWEEN;
    }
  }
}
