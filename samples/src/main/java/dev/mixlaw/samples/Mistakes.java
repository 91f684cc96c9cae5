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

/** Collects what is wrong with a command's options, to tell all of it at once. */
final class Mistakes {
  private final List<Problem> problems = new ArrayList<>();

  void add(String option, String actual, String allowed) {
    problems.add(new Problem(option, actual, allowed, option));
  }

  void require(boolean right, String option, Object actual, String allowed) {
    if (!right) {
      add(option, String.valueOf(actual), allowed);
    }
  }

  /** Notes what a value's use throws; whether it throws nothing. */
  boolean attempt(String option, Runnable use) {
    try {
      use.run();
      return true;
    } catch (IllegalArgumentException e) {
      add(option, String.valueOf(e.getMessage()), "what --help says");
      return false;
    }
  }

  void choice(String option, String chosen, Map<String, ?> choices) {
    require(
        choices.containsKey(chosen), option, chosen, "one of " + new TreeSet<>(choices.keySet()));
  }

  /** A file to be written when the work is done: better known now that it cannot be. */
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
        "a file in a directory that can be written to");
  }

  /**
   * @throws MixlawException of all that was noted
   */
  void tell() {
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }
}
