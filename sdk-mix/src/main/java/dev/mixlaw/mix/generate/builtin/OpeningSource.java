package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.internal.Documents;
import java.util.function.Consumer;

/**
 * Takes the first words of documents, for generators that continue their prompt.
 *
 * @param words number of words per document; a shorter document is used completely
 */
record OpeningSource(int words) implements MaterialSource {
  OpeningSource {
    if (words < 1) {
      throw new IllegalArgumentException("words: " + words + "; expected at least 1");
    }
  }

  @Override
  public String description() {
    return "the first " + words + " words of each document";
  }

  @Override
  public void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer) {
    Documents.each(
        documents.open(),
        document -> {
          String opening = opening(document.text().strip());
          if (!opening.isEmpty()) {
            consumer.accept(Material.whole(document.id(), document.id(), opening));
          }
        });
  }

  private String opening(String text) {
    boolean inWord = false;
    int seen = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean space =
          Character.isWhitespace(text.charAt(i)) || Character.isSpaceChar(text.charAt(i));
      if (space && inWord && ++seen == words) {
        return text.substring(0, i);
      }
      inWord = !space;
    }
    return text;
  }
}
