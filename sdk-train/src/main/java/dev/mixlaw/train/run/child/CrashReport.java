package dev.mixlaw.train.run.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Describes why a child JVM has ended, based on its exit value, its fatal error log and its output.
 */
final class CrashReport {
  private static final int LINES = 12;
  private static final int KILLED = 9;

  /** Exit values above this value encode signals. */
  private static final int SIGNAL = 128;

  private static final Path VM_STATISTICS = Path.of("/proc/vmstat");

  private CrashReport() {}

  /**
   * Returns a description of how a process has ended.
   *
   * @param killsBefore value of {@link #killsForMemory} when the process started
   * @param killsNow value of {@link #killsForMemory} after the process ended
   */
  static String ending(int exit, OptionalLong killsBefore, OptionalLong killsNow) {
    if (exit <= SIGNAL || exit >= SIGNAL + 32) {
      return "exit value " + exit;
    }
    String killed = "killed by signal " + (exit - SIGNAL);
    if (exit - SIGNAL != KILLED) {
      return killed;
    }
    long kills = killsNow.orElse(0) - killsBefore.orElse(0);
    return kills > 0
        ? "%s; the system has killed %s process(es) for lack of memory since it started"
            .formatted(killed, kills)
        : killed + ", by a user or by the system for lack of memory";
  }

  /** Returns how many processes the system has killed because memory ran out, if known. */
  static OptionalLong killsForMemory() {
    try {
      for (String line : Files.readAllLines(VM_STATISTICS)) {
        if (line.startsWith("oom_kill ")) {
          return OptionalLong.of(Long.parseLong(line.substring("oom_kill ".length()).strip()));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // The number is unknown because this operating system does not count such processes.
    }
    return OptionalLong.empty();
  }

  /**
   * Returns the beginning of the fatal error log, which names the library that crashed. Without a
   * log, returns the last lines of the output. The result is empty or starts with a separator.
   */
  static String of(Path report, Path printed) {
    List<String> told = lines(report).stream().filter(line -> line.startsWith("#")).toList();
    if (told.isEmpty()) {
      List<String> all = lines(printed);
      told = all.subList(Math.max(0, all.size() - LINES), all.size());
    }
    return told.isEmpty() ? "" : "; crash report:\n" + String.join("\n", told);
  }

  private static List<String> lines(Path file) {
    List<String> told = new ArrayList<>();
    try {
      if (Files.exists(file)) {
        String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        all.lines().filter(line -> !line.matches("[#\\s]*")).forEach(told::add);
      }
    } catch (IOException e) {
      told.add(file + " cannot be read: " + e);
    }
    return told;
  }
}
