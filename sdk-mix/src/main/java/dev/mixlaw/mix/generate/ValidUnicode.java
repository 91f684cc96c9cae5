package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator.Written;

/** Text that can be written as UTF-8: halves of surrogate pairs become U+FFFD. */
final class ValidUnicode {
  private ValidUnicode() {}

  static Written of(Written answer) {
    String text = text(answer.text());
    return text.equals(answer.text())
        ? answer
        : new Written(text, answer.cutOff(), answer.promptTokens(), answer.writtenTokens());
  }

  private static String text(String text) {
    StringBuilder mended = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(mended::appendCodePoint);
    return mended.toString();
  }
}
