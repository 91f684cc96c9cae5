package dev.mixlaw.train.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All threads of this process as the system counts them: those of native libraries too. */
final class Tasks {
  private static final Path ALL = Path.of("/proc/self/task");
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private Tasks() {}

  /** None where the system does not say. */
  static Set<String> ids() throws IOException {
    if (!Files.exists(ALL)) {
      return Set.of();
    }
    try (Stream<Path> tasks = Files.list(ALL)) {
      return tasks.map(t -> String.valueOf(t.getFileName())).collect(Collectors.toSet());
    }
  }

  /**
   * Those that were not there before and that engines started, or threads of engines, or the
   * calling one: a native thread has its starter's name until it is given another.
   */
  static List<String> startedHere(Set<String> before) throws IOException {
    Set<String> now = ids();
    String mine = name(Thread.currentThread().getName());
    return now.stream()
        .filter(id -> !before.contains(id))
        .map(Tasks::nameOf)
        .filter(n -> n.startsWith("mixlaw-") || n.equals(mine) || n.equals("java"))
        .toList();
  }

  /** As the system cuts it. */
  private static String name(String thread) {
    return thread.substring(0, Math.min(15, thread.length()));
  }

  private static String nameOf(String id) {
    try {
      return Files.readString(ALL.resolve(id).resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /** Waits for what will be so soon, and fails if it is not. */
  static void await(Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new AssertionError("it has not come to be");
      }
      Thread.onSpinWait();
    }
  }
}
