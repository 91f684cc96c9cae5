package dev.mixlaw.mix.corpus;

/**
 * Matches paths against the patterns in a dataset's {@code configs}, in time at most proportional
 * to the product of their lengths.
 */
final class GlobPattern {
  private GlobPattern() {}

  /**
   * Returns whether a path matches a pattern. In a pattern, {@code *} and {@code ?} match within a
   * name, {@code **} also matches slashes, and {@code [0-9]} is a character class.
   */
  static boolean matches(String glob, String path) {
    boolean[] reached = new boolean[path.length() + 1]; // prefixes of the path that match so far
    reached[0] = true;
    for (int i = 0; i < glob.length(); i++) {
      int end = glob.charAt(i) == '[' ? endOfClass(glob, i + 1) : -1;
      boolean across = glob.startsWith("**", i);
      boolean directories = across && glob.startsWith("/", i + 2);
      boolean star = glob.charAt(i) == '*';
      boolean[] next = new boolean[reached.length];
      boolean inside = reached[0];
      next[0] = star && inside;
      for (int at = 1; at < next.length; at++) {
        char c = path.charAt(at - 1);
        boolean later = inside && (directories ? c == '/' : across || c != '/');
        next[at] = star ? reached[at] || later : reached[at - 1] && matches(glob, i, end, c);
        inside = reached[at] || (inside && (across || c != '/'));
      }
      reached = next;
      i = Math.max(directories ? i + 2 : across ? i + 1 : i, end);
    }
    return reached[path.length()];
  }

  private static boolean matches(String glob, int at, int endOfClass, char c) {
    return endOfClass > 0
        ? c != '/' && inClass(glob.substring(at + 1, endOfClass), c)
        : glob.charAt(at) == '?' ? c != '/' : glob.charAt(at) == c;
  }

  /** Returns the index of the bracket that closes a character class, or -1. */
  private static int endOfClass(String glob, int from) {
    return glob.indexOf(
        ']', from + (from < glob.length() && "!^".indexOf(glob.charAt(from)) >= 0 ? 2 : 1));
  }

  private static boolean inClass(String inside, char c) {
    boolean negated = "!^".indexOf(inside.charAt(0)) >= 0;
    boolean found = false;
    for (int i = negated ? 1 : 0; i < inside.length(); i++) {
      boolean range = i + 2 < inside.length() && inside.charAt(i + 1) == '-';
      char last = inside.charAt(range ? i + 2 : i);
      found |= c >= inside.charAt(i) && c <= last;
      i += range ? 2 : 0;
    }
    return found != negated;
  }
}
