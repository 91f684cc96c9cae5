package dev.mixlaw.mix.generate.builtin;

import java.util.List;
import java.util.regex.Pattern;

/** Lists of phrases as regular expressions, one a line; lines that begin with # explain. */
final class PhrasePatterns {
  private PhrasePatterns() {}

  /** Reads a list that lies beside {@link Filters}; upper and lower case are alike. */
  static List<Pattern> read(String resource) {
    return Resources.text(Filters.class, resource)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }
}
