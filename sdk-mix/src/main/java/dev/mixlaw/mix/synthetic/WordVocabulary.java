package dev.mixlaw.mix.synthetic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens of a text and their ids. A token is a word or a punctuation mark with the preceding
 * white space, so the concatenated tokens equal the text.
 */
final class WordVocabulary {
  /** The id that precedes the first token of a document. The id also represents unknown tokens. */
  static final int START = 0;

  private static final int LONGEST = 64;

  private final Map<String, Integer> ids;
  private final String[] texts;

  private WordVocabulary(Map<String, Integer> ids, String[] texts) {
    this.ids = ids;
    this.texts = texts;
  }

  int size() {
    return texts.length;
  }

  String text(int id) {
    return texts[id];
  }

  /** Returns the last {@code count} tokens of the text, padded on the left with {@link #START}. */
  int[] idsAtEnd(String text, int count) {
    List<Integer> all = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = end(text, at);
      all.add(ids.getOrDefault(text.substring(at, end), START));
      at = end;
    }
    int[] last = new int[count];
    for (int i = 1; i <= Math.min(count, all.size()); i++) {
      last[count - i] = all.get(all.size() - i);
    }
    return last;
  }

  /** Returns whether a document may end after a token. */
  static boolean endsSentence(String piece) {
    return !piece.isEmpty() && ".!?}".indexOf(piece.charAt(piece.length() - 1)) >= 0;
  }

  /** Returns the end of the token at {@code at}: white space, then a word or a single character. */
  static int end(String text, int at) {
    int end = at;
    while (end < text.length() && end - at < LONGEST && Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    int word = end;
    while (end < text.length() && end - word < LONGEST && inWord(text.charAt(end))) {
      end++;
    }
    if (end == word && end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Surrogates count as letters, so that pairs are split only in words that are too long. */
  private static boolean inWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '\'' || Character.isSurrogate(c);
  }

  static final class Builder {
    private final int padding;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final IntStream.Builder tokens = IntStream.builder();
    private final IntStream.Builder lengths = IntStream.builder();
    private int documents;

    /**
     * Creates a builder.
     *
     * @param padding number of {@link #START} ids before each document
     */
    Builder(int padding) {
      this.padding = padding;
      id("");
    }

    void add(String text) {
      String body = text.strip();
      if (body.isEmpty()) {
        return;
      }
      for (int i = 0; i < padding; i++) {
        tokens.add(START);
      }
      int length = 0;
      for (int at = 0; at < body.length(); length++) {
        int end = end(body, at);
        tokens.add(id(body.substring(at, end)));
        at = end;
      }
      lengths.add(length);
      documents++;
    }

    int documents() {
      return documents;
    }

    /** Returns the tokens of all documents. No document may be added after this call. */
    int[] tokens() {
      return tokens.build().toArray();
    }

    /** Returns the number of tokens in each document. No document may be added after this call. */
    int[] lengths() {
      return lengths.build().toArray();
    }

    WordVocabulary pieces() {
      return new WordVocabulary(ids, texts.toArray(String[]::new));
    }

    private int id(String piece) {
      Integer known = ids.putIfAbsent(piece, texts.size());
      if (known == null) {
        texts.add(piece);
        return texts.size() - 1;
      }
      return known;
    }
  }
}
