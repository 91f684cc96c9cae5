package dev.mixlaw.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads of this process as Linux counts them, including those of native libraries. */
final class NativeThreads {
  private static final Path ALL = Path.of("/proc/self/task");

  private NativeThreads() {}

  /** Returns the ids of all threads; empty on other operating systems. */
  static Set<String> ids() throws IOException {
    if (!Files.exists(ALL)) {
      return Set.of();
    }
    try (Stream<Path> tasks = Files.list(ALL)) {
      return tasks.map(t -> String.valueOf(t.getFileName())).collect(Collectors.toSet());
    }
  }

  /**
   * Returns the names of the threads that the given Java threads, the calling thread or a native
   * library has started. A native thread inherits the name of its parent until it gets its own. The
   * virtual machine's own threads are not included.
   *
   * @param before ids of threads that are ignored because they already existed
   */
  static List<String> startedSince(Set<String> before, List<Thread> threads) throws IOException {
    Set<String> names =
        Stream.concat(threads.stream(), Stream.of(Thread.currentThread()))
            .map(Thread::getName)
            .map(name -> name.substring(0, Math.min(15, name.length()))) // Linux truncates names
            .collect(Collectors.toSet());
    names.add("java");
    return ids().stream()
        .filter(id -> !before.contains(id))
        .map(NativeThreads::nameOf)
        .filter(names::contains)
        .toList();
  }

  private static String nameOf(String id) {
    try {
      return Files.readString(ALL.resolve(id).resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // The thread has ended.
    }
  }
}
