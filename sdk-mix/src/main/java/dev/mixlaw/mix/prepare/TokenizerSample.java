package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A sample of several texts for training a tokenizer.
 *
 * <p>Each text contributes the same number of bytes. If a text is too small, the other texts
 * contribute more. The sample consists of pieces of about 4 kB that are evenly spread over each
 * text. The sample is not random.
 */
final class TokenizerSample {
  private static final int PIECE = 4096;

  private TokenizerSample() {}

  /** Passes the sample to a receiver, in pieces of well-formed Unicode. */
  static void draw(List<TextSummary> texts, long bytes, Consumer<String> receiver) {
    long[] quotas = quotas(texts.stream().mapToLong(TextSummary::bytes).toArray(), bytes);
    for (int i = 0; i < quotas.length; i++) {
      drawFrom(texts.get(i), quotas[i], receiver);
    }
  }

  /**
   * Divides a total size equally among texts. If a text is smaller than its quota, the other quotas
   * increase.
   */
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
    try (DocumentStream documents = text.source().documents().open()) {
      while (documents.hasNext() && taken < quota) {
        String document = documents.next().text();
        for (int from = 0; from < document.length(); ) {
          int to = cut(document, from);
          String piece = document.substring(from, to);
          int length = Utf8.length(piece);
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

  /** Returns the end of a piece: before a space if possible, and never within a code point. */
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
