package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Collects the problems with the options of a command, in order to report them together. */
final class OptionProblems {
  private final List<Problem> found = new ArrayList<>();

  void add(String option, String actual, String allowed) {
    found.add(new Problem(option, actual, allowed, "change " + option));
  }

  void require(boolean right, String option, Object actual, String allowed) {
    if (!right) {
      add(option, String.valueOf(actual), allowed);
    }
  }

  /**
   * Runs an action that may reject the value of an option. Returns whether it accepted the value.
   */
  boolean attempt(String option, Runnable use) {
    try {
      use.run();
      return true;
    } catch (IllegalArgumentException e) {
      add(option, String.valueOf(e.getMessage()), "a value as described in --help");
      return false;
    }
  }

  void choice(String option, String chosen, Map<String, ?> choices) {
    require(
        choices.containsKey(chosen), option, chosen, "one of " + new TreeSet<>(choices.keySet()));
  }

  void output(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path path = file.toAbsolutePath();
    Path there = path.getParent();
    while (there != null && Files.notExists(there)) {
      there = there.getParent();
    }
    require(
        !Files.isDirectory(path)
            && there != null
            && Files.isDirectory(there)
            && Files.isWritable(there),
        option,
        file,
        "a file in a writable directory");
  }

  void throwIfAny() {
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, found);
  }
}
