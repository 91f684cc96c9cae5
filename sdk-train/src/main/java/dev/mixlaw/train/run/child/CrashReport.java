package dev.mixlaw.train.run.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a dead process left to say why it died: what it printed, and the report that a JVM writes
 * when native code breaks it.
 */
final class CrashReport {
  private static final int LINES = 12;
  private static final int KILLED = 9;

  /** Signals' exit values as Java gives them. */
  private static final int SIGNAL = 128;

  private static final Path VM_STATISTICS = Path.of("/proc/vmstat");

  private CrashReport() {}

  /**
   * How it ended, in words.
   *
   * @param killsBefore {@link #killsForMemory} when it began
   * @param killsNow and when it had ended
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
        ? killed + "; the system has meanwhile killed " + kills + " for want of memory"
        : killed + ", by hand or by the system for want of memory";
  }

  /** Processes the system has killed for want of memory so far; empty where it does not say. */
  static OptionalLong killsForMemory() {
    try {
      for (String line : Files.readAllLines(VM_STATISTICS)) {
        if (line.startsWith("oom_kill ")) {
          return OptionalLong.of(Long.parseLong(line.substring("oom_kill ".length()).strip()));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux, or not this kind of it: then nothing is known.
    }
    return OptionalLong.empty();
  }

  /**
   * The head of the JVM's report if there is one, which names the library that broke; else the last
   * lines that were printed. Empty, or it begins with a separator.
   */
  static String of(Path report, Path printed) {
    List<String> told = lines(report).stream().filter(line -> line.startsWith("#")).toList();
    if (told.isEmpty()) {
      List<String> all = lines(printed);
      told = all.subList(Math.max(0, all.size() - LINES), all.size());
    }
    return told.isEmpty() ? "" : "; its last words:\n" + String.join("\n", told);
  }

  /** Those that say something. */
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
