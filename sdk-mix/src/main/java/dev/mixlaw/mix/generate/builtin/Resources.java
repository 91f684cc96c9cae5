package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.internal.TextResource;
import java.util.List;
import java.util.regex.Pattern;

/** Reads text resources of this package, such as prompts. */
final class Resources {
  private Resources() {}

  /** Returns the contents of a resource without leading and trailing white space. */
  static String text(String name) {
    return TextResource.read(Resources.class, name).strip();
  }

  /**
   * Returns case-insensitive regular expressions, one per line. Lines that start with # are
   * comments.
   */
  static List<Pattern> patterns(String name) {
    return TextResource.lines(Resources.class, name).stream()
        .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }
}
