package dev.mixlaw.mix.generate.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads text resources of this package, such as prompts. */
final class Resources {
  private Resources() {}

  /** Returns the contents of a resource without leading and trailing white space. */
  static String text(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, () -> "resource " + name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name, e);
    }
  }

  /**
   * Returns case-insensitive regular expressions, one per line. Lines that start with # are
   * comments.
   */
  static List<Pattern> patterns(String name) {
    return text(name)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }
}
