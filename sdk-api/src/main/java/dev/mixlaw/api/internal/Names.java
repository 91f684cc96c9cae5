package dev.mixlaw.api.internal;

import java.util.Set;
import java.util.regex.Pattern;

/** Rules for names, and for the display of text from files and servers. */
public final class Names {
  public static final String EXPECTED =
      "letters, digits, '.', '_' and '-', beginning with a letter or digit, not ending with '.', and not reserved by Windows, as con and nul are";

  public static final String EXPECTED_OF_DOMAIN =
      EXPECTED + ", but not macro or micro, which are names of means over domains";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?<!\\.)");

  /** Matches names of devices, which Windows does not allow as file names with any extension. */
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?", Pattern.CASE_INSENSITIVE);

  private static final Set<String> MEANS = Set.of("macro", "micro");

  private Names() {}

  /** Returns whether a name is allowed in keys, and in file names on all platforms. */
  public static boolean isValid(String name) {
    return VALID.matcher(name).matches() && !DEVICE.matcher(name).matches();
  }

  /**
   * Returns a valid name for the content of a file or directory, in which a hyphen replaces spaces
   * and other characters that a name must not contain. Returns the given name if nothing is left.
   */
  public static String ofFile(String name) {
    if (isValid(name)) {
      return name;
    }
    String valid = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|[.-]+$", "");
    return valid.isEmpty() ? name : valid;
  }

  /** Returns whether a name denotes a mean over domains, such as {@code macro}. */
  public static boolean isMean(String name) {
    return MEANS.contains(name);
  }

  /**
   * Escapes characters that are dangerous on terminals or invalid in XML. The escaped characters
   * are control characters other than tabs and line breaks, characters that change the writing
   * direction, unpaired surrogates, U+FFFE and U+FFFF. An escape has the form {@code \}{@code
   * u001b}.
   */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isPrintable(c) || (c == '\r' && i < text.length() && text.charAt(i) == '\n')) {
        shown.appendCodePoint(c);
      } else {
        shown.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      }
    }
    return shown.toString();
  }

  private static boolean isPrintable(int c) {
    return c == '\n'
        || c == '\t'
        || !(Character.isISOControl(c)
            || (c >= 0x202a && c <= 0x202e)
            || (c >= 0x2066 && c <= 0x2069)
            || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
            || c == 0xfffe
            || c == 0xffff);
  }
}
