package dev.mixlaw.api.internal;

import java.util.Set;
import java.util.regex.Pattern;

/** Rules for valid names, and for showing text from files and servers in messages. */
public final class Names {
  /** Describes a valid name in messages. */
  public static final String EXPECTED =
      "letters, digits, '.', '_' and '-', beginning with a letter or digit";

  /** Describes a valid domain name in messages. */
  public static final String EXPECTED_OF_DOMAIN =
      EXPECTED + ", but not macro or micro, which are names of means over domains";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Set<String> MEANS = Set.of("macro", "micro");

  private Names() {}

  /** Returns whether a name can be part of file names and keys. */
  public static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }

  /** Returns whether results use this name for a mean over domains. */
  public static boolean isMean(String name) {
    return MEANS.contains(name);
  }

  /**
   * Returns the text in a form that contains no terminal control sequences and is valid in XML.
   * Control characters other than tabs and line ends, characters that change the writing direction,
   * unpaired surrogates, U+FFFE and U+FFFF are replaced with escapes such as {@code \}{@code
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
