package dev.mixlaw.mix.corpus;

import java.util.BitSet;

/**
 * Matches paths against the patterns of a dataset's {@code configs}. The time is at most
 * proportional to the length of the pattern times that of the path.
 */
final class GlobPattern {
  private GlobPattern() {}

  /**
   * Returns whether a path with slashes matches a pattern. {@code *} and {@code ?} match within a
   * name, {@code **} matches across directories, and {@code [0-9]} is a class of characters.
   */
  static boolean matches(String glob, String path) {
    BitSet reached = new BitSet(); // the lengths of the beginnings of the path that match so far
    reached.set(0);
    for (int i = 0; i < glob.length() && !reached.isEmpty(); i++) {
      int end = glob.charAt(i) == '[' ? endOfClass(glob, i + 1) : -1;
      if (glob.startsWith("**", i)) {
        boolean directories = glob.startsWith("/", i + 2);
        reached = across(reached, path, directories);
        i += directories ? 2 : 1;
      } else if (glob.charAt(i) == '*') {
        reached = withinName(reached, path);
      } else {
        reached = one(reached, path, glob, i, end);
        i = Math.max(i, end);
      }
    }
    return reached.get(path.length());
  }

  /** Continues at every later position, or only at the beginnings of names. */
  private static BitSet across(BitSet reached, String path, boolean directories) {
    BitSet next = new BitSet();
    int first = reached.nextSetBit(0);
    next.set(first, path.length() + 1);
    for (int at = first; directories && at <= path.length(); at++) {
      next.set(at, reached.get(at) || (at > first && path.charAt(at - 1) == '/'));
    }
    return next;
  }

  private static BitSet withinName(BitSet reached, String path) {
    BitSet next = new BitSet();
    boolean inside = false;
    for (int at = 0; at <= path.length(); at++) {
      inside = reached.get(at) || (inside && path.charAt(at - 1) != '/');
      next.set(at, inside);
    }
    return next;
  }

  /** Continues after one character. */
  private static BitSet one(BitSet reached, String path, String glob, int at, int end) {
    BitSet next = new BitSet();
    for (int i = reached.nextSetBit(0);
        i >= 0 && i < path.length();
        i = reached.nextSetBit(i + 1)) {
      char c = path.charAt(i);
      boolean matches =
          end > 0
              ? c != '/' && inClass(glob.substring(at + 1, end), c)
              : glob.charAt(at) == '?' ? c != '/' : glob.charAt(at) == c;
      next.set(i + 1, matches);
    }
    return next;
  }

  /** Returns the index of the bracket that ends a class, or -1. A class is not empty. */
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
