package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.DocumentStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * An equal-share sample of texts to train a tokenizer on.
 *
 * <p>Each text gives the same number of bytes; what a small one cannot give, the others give in
 * equal parts. A text's part is taken in pieces of some 4 kB spread evenly from its beginning to
 * its end, within long documents too. Nothing is drawn at random.
 */
final class TokenizerSample {
  private static final int PIECE = 4096;

  private TokenizerSample() {}

  /** Hands out the sample, a piece at a time, each valid Unicode. */
  static void draw(List<TextSummary> texts, long bytes, Consumer<String> receiver) {
    long[] quotas = quotas(texts.stream().mapToLong(TextSummary::bytes).toArray(), bytes);
    for (int i = 0; i < quotas.length; i++) {
      drawFrom(texts.get(i), quotas[i], receiver);
    }
  }

  /** Equal parts of a total, none larger than its text; the smallest text is served first. */
  static long[] quotas(long[] sizes, long total) {
    long[] quotas = new long[sizes.length];
    long left = total;
    int open = sizes.length;
    Integer[] bySize = IntStream.range(0, sizes.length).boxed().toArray(Integer[]::new);
    Arrays.sort(bySize, Comparator.comparingLong(i -> sizes[i]));
    for (int i : bySize) {
      quotas[i] = Math.min(sizes[i], left / open);
      left -= quotas[i];
      open--;
    }
    return quotas;
  }

  private static void drawFrom(TextSummary text, long quota, Consumer<String> receiver) {
    double share = (double) quota / text.bytes();
    long seen = 0;
    long taken = 0;
    try (DocumentStream documents = text.source().open()) {
      while (documents.hasNext() && taken < quota) {
        String document = documents.next().text();
        for (int from = 0; from < document.length(); ) {
          int to = cut(document, from);
          String piece = document.substring(from, to);
          int length = piece.getBytes(StandardCharsets.UTF_8).length;
          if (share >= 1 || taken < share * (seen + length)) {
            receiver.accept(piece);
            taken += length;
          }
          seen += length;
          from = to;
        }
      }
    }
  }

  /** Where a piece ends: before a space if there is one, and never within a code point. */
  private static int cut(String text, int from) {
    int most = Math.min(text.length(), from + PIECE);
    if (most == text.length()) {
      return most;
    }
    int space = text.lastIndexOf(' ', most);
    if (space > from) {
      return space;
    }
    return Character.isLowSurrogate(text.charAt(most)) ? most - 1 : most;
  }
}
