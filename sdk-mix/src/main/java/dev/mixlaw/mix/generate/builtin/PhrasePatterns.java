package dev.mixlaw.mix.generate.builtin;

import java.util.List;
import java.util.regex.Pattern;

/** Reads lists of regular expressions, one per line; lines that start with # are comments. */
final class PhrasePatterns {
  private PhrasePatterns() {}

  /** Reads a list from the package of {@link Filters}; the patterns ignore case. */
  static List<Pattern> read(String resource) {
    return Resources.text(Filters.class, resource)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }
}
