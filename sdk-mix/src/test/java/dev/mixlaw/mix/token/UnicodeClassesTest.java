package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.mixlaw.api.MixlawException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the table of character classes with Hugging Face's library for every code point. */
class UnicodeClassesTest {
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
  private static final int STRIDE = 256;

  @TempDir Path directory;

  @Test
  void agreesWithTheLibraryForCommonScripts() {
    agreesFrom(0, 0x3400);
  }

  @Test
  @Tag("long")
  void agreesWithTheLibraryEverywhere() {
    agreesFrom(0x3400, 0xD800);
    agreesFrom(0xE000, 0x110000);
  }

  private void agreesFrom(int first, int end) {
    try {
      HuggingFaceTokenizer.loadNatives();
    } catch (MixlawException e) {
      Assumptions.abort(e.getMessage());
    }
    Path file = directory.resolve("bytes.json");
    new BytePairTrainer().train(257).save(file);
    long library = LIBRARY.createTokenizerFromString(TokenizerJson.read(file).toString());
    try {
      for (int from = first; from < end; from += STRIDE) {
        boolean[] letters = joins(library, 'a', from);
        boolean[] numbers = joins(library, '1', from);
        boolean[] others = joins(library, '!', from);
        for (int i = 0; i < STRIDE; i++) {
          byte theirs =
              letters[i]
                  ? UnicodeClasses.LETTER
                  : numbers[i]
                      ? UnicodeClasses.NUMBER
                      : others[i] ? UnicodeClasses.OTHER : UnicodeClasses.SPACE;
          assertThat(UnicodeClasses.of(from + i)).as("U+%04X", from + i).isEqualTo(theirs);
        }
      }
    } finally {
      LIBRARY.deleteTokenizer(library);
    }
  }

  /**
   * Returns for each of {@value #STRIDE} code points whether the library puts it into one piece
   * with the character {@code side} before and after it.
   */
  private static boolean[] joins(long library, char side, int from) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < STRIDE; i++) {
      text.append(side).appendCodePoint(from + i).append(side).append('\n');
    }
    long encoding = LIBRARY.encode(library, text.toString(), false);
    long[] pieces = LIBRARY.getWordIds(encoding); // each token is a byte
    LIBRARY.deleteEncoding(encoding);
    boolean[] joined = new boolean[STRIDE];
    int at = 0;
    for (int i = 0; i < STRIDE; i++) {
      int length = Character.toString(from + i).getBytes(StandardCharsets.UTF_8).length + 2;
      joined[i] = pieces[at] == pieces[at + length - 1];
      at += length + 1;
    }
    assertThat(at).isEqualTo(pieces.length);
    return joined;
  }
}
