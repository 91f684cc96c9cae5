package dev.mixlaw.mix.token;

import dev.mixlaw.mix.internal.TextResource;

/**
 * Character classes as in Hugging Face's regular expressions: letters, numbers and white space.
 * {@link Character} is not used, because its classes depend on the JDK's version of Unicode.
 */
final class UnicodeClasses {
  static final byte OTHER = 0;
  static final byte LETTER = 1;
  static final byte NUMBER = 2;
  static final byte SPACE = 3;

  private static final String RESOURCE = "unicode-classes.txt";

  /** First code point after all letters, numbers and spaces. */
  private static final int END = 0x33000;

  private static final byte[] CLASSES = load();

  private UnicodeClasses() {}

  static byte of(int codePoint) {
    return codePoint < END ? CLASSES[codePoint] : OTHER;
  }

  private static byte[] load() {
    byte[] classes = new byte[END];
    TextResource.lines(UnicodeClasses.class, RESOURCE)
        .forEach(line -> range(line.split(" ", -1), classes));
    return classes;
  }

  private static void range(String[] fields, byte[] classes) {
    byte kind =
        switch (fields[0]) {
          case "L" -> LETTER;
          case "N" -> NUMBER;
          case "S" -> SPACE;
          default -> throw new IllegalStateException(RESOURCE + ": class " + fields[0]);
        };
    int last = Integer.parseInt(fields[fields.length - 1], 16);
    for (int c = Integer.parseInt(fields[1], 16); c <= last; c++) {
      classes[c] = kind;
    }
  }
}
