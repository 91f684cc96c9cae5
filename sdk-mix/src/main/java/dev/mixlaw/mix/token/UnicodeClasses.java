package dev.mixlaw.mix.token;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

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
    try (InputStream in =
            Objects.requireNonNull(
                UnicodeClasses.class.getResourceAsStream(RESOURCE), "resource " + RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          range(line.split(" ", -1), classes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
