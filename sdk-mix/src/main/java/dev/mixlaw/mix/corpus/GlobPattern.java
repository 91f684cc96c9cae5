package dev.mixlaw.mix.corpus;

import java.util.regex.Pattern;

/** Matches paths against the patterns of a dataset's {@code configs}. */
final class GlobPattern {
  private GlobPattern() {}

  /**
   * Returns whether a path with slashes matches a pattern. {@code *} and {@code ?} match within a
   * name, {@code **} matches across directories, and {@code [0-9]} is a class of characters.
   */
  static boolean matches(String glob, String path) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[' && glob.indexOf(']', i + 1) > 0) {
        int end = glob.indexOf(']', i + 1);
        String inside = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(inside.startsWith("!") ? "^" + inside.substring(1) : inside);
        regex.append(']');
        i = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.matches(regex.toString(), path);
  }
}
