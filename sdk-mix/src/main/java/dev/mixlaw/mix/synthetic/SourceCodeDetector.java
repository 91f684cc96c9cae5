package dev.mixlaw.mix.synthetic;

import java.util.regex.Pattern;

/** Distinguishes lines of program code and markup from lines of prose. */
final class SourceCodeDetector {
  private static final String INDENT = "    ";
  private static final int SHORT = 8;
  private static final Pattern KEYWORD =
      Pattern.compile(
          "(package|import|public|private|protected|static|final|abstract|class|interface|enum|return|throw|throws|implements|extends|default|case|else|try|catch)\\b.*");

  private SourceCodeDetector() {}

  /** Returns whether a line is indented like code, or starts or ends unlike prose. */
  static boolean is(String line) {
    if (line.startsWith(INDENT) || line.startsWith("\t")) {
      return true;
    }
    String bare = line.strip();
    if (bare.isEmpty()) {
      return false;
    }
    char first = bare.charAt(0);
    char last = bare.charAt(bare.length() - 1);
    if ("<{}".indexOf(first) >= 0 || "{}".indexOf(last) >= 0 || bare.startsWith("//")) {
      return true;
    }
    boolean statement = last == ';' && (bare.indexOf('=') >= 0 || words(bare) < SHORT);
    boolean indented = line.startsWith("  ");
    return statement || ((indented || ";,)".indexOf(last) >= 0) && KEYWORD.matcher(bare).matches());
  }

  private static int words(String line) {
    return line.split("\\s+").length;
  }
}
