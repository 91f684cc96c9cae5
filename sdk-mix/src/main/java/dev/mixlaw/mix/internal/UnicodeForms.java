package dev.mixlaw.mix.internal;

import java.text.Normalizer;

public final class UnicodeForms {
  private UnicodeForms() {}

  /** Converts a text to NFC without default-ignorable characters, such as soft hyphens. */
  public static String composed(String text) {
    return normalized(text, Normalizer.Form.NFC);
  }

  /** Converts a text to NFKC without default-ignorable characters. */
  static String compatible(String text) {
    return normalized(text, Normalizer.Form.NFKC);
  }

  private static String normalized(String text, Normalizer.Form form) {
    // Every character below U+0300 is in NFC, and characters in words do not change in NFKC.
    if (text.chars().allMatch(c -> c < 0x300 && c != 0xad)) {
      return text;
    }
    String visible = text;
    if (text.codePoints().anyMatch(UnicodeForms::isIgnorable)) {
      StringBuilder kept = new StringBuilder(text.length());
      text.codePoints().filter(c -> !isIgnorable(c)).forEach(kept::appendCodePoint);
      visible = kept.toString();
    }
    return Normalizer.isNormalized(visible, form) ? visible : Normalizer.normalize(visible, form);
  }

  /** Returns whether a character is default-ignorable or the Arabic tatweel. */
  private static boolean isIgnorable(int c) {
    return c >= 0xad
        && (c == 0xad
            || c == 0x34f
            || c == 0x61c
            || c == 0x640
            || (c >= 0x115f && c <= 0x1160)
            || (c >= 0x17b4 && c <= 0x17b5)
            || (c >= 0x180b && c <= 0x180f)
            || (c >= 0x200c && c <= 0x200f)
            || (c >= 0x202a && c <= 0x202e)
            || (c >= 0x2060 && c <= 0x206f)
            || c == 0x3164
            || (c >= 0xfe00 && c <= 0xfe0f)
            || c == 0xfeff
            || c == 0xffa0
            || (c >= 0xe0000 && c <= 0xe0fff));
  }
}
