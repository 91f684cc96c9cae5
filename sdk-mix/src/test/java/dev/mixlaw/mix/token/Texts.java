package dev.mixlaw.mix.token;

import java.util.List;
import java.util.SplittableRandom;

/** Texts that are difficult for tokenizers. */
final class Texts {
  static final List<String> HARD =
      List.of(
          "",
          " ",
          "\n",
          "   \n\n\t  word",
          "trailing space ",
          "a  b   c    d" + " ".repeat(5000) + "e" + "\n".repeat(999),
          "I'll we've they're it's don't I'm he'd 'S 'LL ''s '",
          "!'s 's'll' re've ' s",
          "x'",
          "x'r",
          "x'l x'v x'll",
          "don’t “quoted” – dash… naïve café cafe\u0301",
          "1234567 3.14159 ²³¼ Ⅳ ٣٤٥ 一二三 １２３",
          "中文没有空格所以一段很长的文字会成为一个词日本語のテキストも同じ한국어는 띄어쓰기가 있다",
          "👩‍👩‍👧‍👦 👍🏽 🇩🇪 \uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62 ☃︎☃️",
          "\u0000\u0001\u0007\u001b[31m\u007f\u0080\u0085\u009f",
          "\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000x\u3000\u3000y\u180e\u200b\ufeff",
          "\r\n\r\n\u000b\f\u001c\u001d\u001e\u001f",
          "def f(x):\n    return {'a': [1, 2], \"b\": x**2}  # ok\n\n\tif x!=0: pass\n",
          "for(int i=0;i<n;++i){a[i]^=b[i]<<3;}//....----====____",
          "मानक हिन्दी العَرَبِيَّة עִבְרִית ไทย မြန်မာ",
          "\uFFFD\uFFFE\uFFFF\uD800\uDC00\uDBFF\uDFFF\uE000",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "ab".repeat(3000));

  private static final String[] PARTS = {
    " ",
    "  ",
    "\n",
    "\t",
    "'s",
    "'ll",
    "'",
    "the",
    " the",
    "and",
    "123",
    "é",
    "中",
    "😀",
    "!",
    "...",
    "\u00a0",
    "\u3000",
    "²",
    "\u0301",
    "\u200d",
    "<",
    "|",
    "endoftext",
    ">",
    "\r\n",
    "_",
    "Ω",
    "ſ"
  };

  private Texts() {}

  /**
   * Returns random code points of all planes except surrogates. Half of them are below U+3100,
   * where most scripts are.
   */
  static String anyCodePoints(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      int codePoint =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x110000);
            case 1 -> random.nextInt(0x20000);
            case 2 -> random.nextInt(0x3100);
            default -> random.nextInt(0x180);
          };
      if (codePoint < 0xD800 || codePoint > 0xDFFF) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }

  /** Returns a random sequence of parts, where neighbouring parts decide how the text is split. */
  static String patchwork(SplittableRandom random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }
}
