package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Document;
import dev.mixlaw.mix.internal.Utf8;
import java.io.Serializable;
import java.util.ArrayList;
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
  static void draw(
      TextReader reader, List<TextSummary> texts, long bytes, Consumer<String> receiver) {
    long[] quotas = quotas(texts.stream().mapToLong(TextSummary::bytes).toArray(), bytes);
    for (int i = 0; i < quotas.length; i++) {
      drawFrom(reader, texts.get(i), quotas[i], receiver);
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

  /**
   * Draws pieces from a text. The state of the selection at the beginning of each part is computed
   * in advance, so that the parts can be read independently.
   */
  private static void drawFrom(
      TextReader reader, TextSummary text, long quota, Consumer<String> receiver) {
    Selection next = new Selection(quota, (double) quota / text.bytes(), 0, 0);
    List<Selection> parts = new ArrayList<>();
    for (int[] sizes : text.pieces()) {
      parts.add(next.copy());
      Arrays.stream(sizes).forEach(next::selects);
    }
    reader.read(
        "sample of " + text.source().title(),
        text.source(),
        part -> {
          Selection selection = parts.get(part).copy();
          return batch -> {
            ArrayList<String> selected = new ArrayList<>();
            for (Document document : batch.documents()) {
              for (String piece : pieces(document.text())) {
                if (selection.selects(Utf8.length(piece))) {
                  selected.add(piece);
                }
              }
            }
            return selected;
          };
        },
        selected -> selected.forEach(receiver));
  }

  /**
   * Selects pieces so that, after each piece, about a fixed share of all bytes so far has been
   * selected.
   */
  private static final class Selection implements Serializable {
    private static final long serialVersionUID = 1;

    private final long quota;
    private final double share;
    private long seen;
    private long taken;

    Selection(long quota, double share, long seen, long taken) {
      this.quota = quota;
      this.share = share;
      this.seen = seen;
      this.taken = taken;
    }

    Selection copy() {
      return new Selection(quota, share, seen, taken);
    }

    boolean selects(int length) {
      boolean selected = taken < quota && (share >= 1 || taken < share * (seen + length));
      seen += length;
      taken += selected ? length : 0;
      return selected;
    }
  }

  /** Returns the sizes of all pieces of documents, in bytes. */
  static int[] pieceSizes(List<Document> documents) {
    return documents.stream()
        .flatMap(document -> pieces(document.text()).stream())
        .mapToInt(Utf8::length)
        .toArray();
  }

  private static List<String> pieces(String document) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < document.length(); ) {
      int to = cut(document, from);
      pieces.add(document.substring(from, to));
      from = to;
    }
    return pieces;
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
