package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.internal.Documents;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Splits documents into passages of similar size with a maximum number of tokens.
 *
 * <p>Passages end at sentence ends, as determined by {@link BreakIterator}. A sentence that exceeds
 * the limit is split between words, and a word that exceeds it is split between characters. The
 * passages and the white space between them make up the whole document. The limit applies to the
 * sum of the tokens of separate sentences, so a passage may exceed it if the tokenizer produces
 * more tokens for joined sentences.
 *
 * @param most maximum number of tokens per passage
 */
record PassageSource(int most) implements MaterialSource {
  PassageSource {
    if (most < 1) {
      throw new IllegalArgumentException("tokens per passage: " + most + "; expected at least 1");
    }
  }

  @Override
  public String description() {
    return "passages of at most " + most + " tokens, cut at sentence ends";
  }

  @Override
  public void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer) {
    Documents.each(
        documents.open(),
        document -> {
          List<String> passages = cut(document.text(), session::countTokens);
          for (int i = 0; i < passages.size(); i++) {
            String gap = i + 1 < passages.size() ? gap(passages.get(i), passages.get(i + 1)) : "";
            consumer.accept(
                new Material(
                    document.id(),
                    document.id(),
                    i,
                    passages.size(),
                    passages.get(i).strip(),
                    gap));
          }
        });
  }

  private static String gap(String passage, String next) {
    return passage.substring(passage.stripTrailing().length())
        + next.substring(0, next.length() - next.stripLeading().length());
  }

  /**
   * Returns the passages of a text, each with the white space that follows it.
   *
   * @param tokens function that counts the tokens in a text
   */
  List<String> cut(String text, ToIntFunction<String> tokens) {
    String body = text.strip();
    if (body.isEmpty()) {
      return List.of();
    }
    List<Piece> pieces = pieces(body, tokens);
    long total = pieces.stream().mapToLong(Piece::tokens).sum();
    long wanted = (total + most - 1) / most;
    List<String> passages = new ArrayList<>();
    StringBuilder passage = new StringBuilder();
    int size = 0;
    long before = 0;
    for (Piece piece : pieces) {
      // A passage ends at the limit or at an equal share of the document, so that the last passage
      // is not too short.
      boolean share = before * wanted >= total * (passages.size() + 1);
      if (size > 0 && (size + piece.tokens() > most || share)) {
        passages.add(passage.toString());
        passage.setLength(0);
        size = 0;
      }
      passage.append(piece.text());
      size += piece.tokens();
      before += piece.tokens();
    }
    passages.add(passage.toString());
    return passages;
  }

  private record Piece(String text, int tokens) {}

  private List<Piece> pieces(String body, ToIntFunction<String> tokens) {
    List<Piece> pieces = new ArrayList<>();
    for (String sentence : split(body, BreakIterator.getSentenceInstance(Locale.ROOT))) {
      int size = tokens.applyAsInt(sentence);
      if (size <= most) {
        pieces.add(new Piece(sentence, size));
        continue;
      }
      for (String word : split(sentence, BreakIterator.getLineInstance(Locale.ROOT))) {
        addWord(word, tokens, pieces);
      }
    }
    return pieces;
  }

  /** Adds a word, after splitting it repeatedly until its parts are within the limit. */
  private void addWord(String word, ToIntFunction<String> tokens, List<Piece> pieces) {
    int size = tokens.applyAsInt(word);
    int characters = word.codePointCount(0, word.length());
    if (size <= most || characters == 1) {
      pieces.add(new Piece(word, size));
    } else {
      int middle = word.offsetByCodePoints(0, characters / 2);
      addWord(word.substring(0, middle), tokens, pieces);
      addWord(word.substring(middle), tokens, pieces);
    }
  }

  private static List<String> split(String text, BreakIterator breaks) {
    breaks.setText(text);
    List<String> parts = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      parts.add(text.substring(start, end));
      start = end;
    }
    return parts;
  }
}
