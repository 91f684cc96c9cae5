package dev.mixlaw.mix.generate.filter.internal;

import dev.mixlaw.mix.generate.filter.Filters;
import dev.mixlaw.mix.generate.internal.Resource;
import java.util.List;
import java.util.regex.Pattern;

/** Lists of phrases as regular expressions, one a line; lines that begin with # explain. */
public final class Phrases {
  private Phrases() {}

  /** Reads a list that lies beside {@link Filters}; upper and lower case are alike. */
  public static List<Pattern> read(String resource) {
    return Resource.text(Filters.class, resource)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }
}
