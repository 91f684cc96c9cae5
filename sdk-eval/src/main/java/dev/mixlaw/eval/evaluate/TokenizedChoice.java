package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a question with one of its choices.
 *
 * @param tokens tokens that the model reads, without the beginning of the question if it is too
 *     long
 * @param from index of the first scored token
 * @param bytes number of UTF-8 bytes of the choice
 * @param cut whether the beginning of the question was cut off
 */
record TokenizedChoice(int[] tokens, int from, int bytes, boolean cut) {

  /**
   * Tokenizes a question with each of its choices. Scoring starts at the same token for all
   * choices.
   */
  static List<TokenizedChoice> of(Question question, Tokenizer tokenizer, int context) {
    // White space at the end of the question is scored with the choice, as in the Evaluation
    // Harness.
    int[] alone = tokenizer.encode(question.text().stripTrailing());
    List<int[]> texts =
        question.choices().stream().map(c -> tokenizer.encode(joined(question.text(), c))).toList();
    int from = alone.length;
    for (int[] text : texts) {
      int mismatch = Arrays.mismatch(alone, text);
      int shared = mismatch < 0 ? alone.length : mismatch;
      from = Math.min(from, Math.min(shared, text.length - 1));
    }
    int scored = Math.max(0, from);
    List<TokenizedChoice> all = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int bytes = question.choices().get(i).getBytes(StandardCharsets.UTF_8).length;
      all.add(fitted(texts.get(i), scored, bytes, context));
    }
    return all;
  }

  private static String joined(String text, String choice) {
    boolean separated =
        text.isEmpty()
            || Character.isWhitespace(text.charAt(text.length() - 1))
            || Character.isWhitespace(choice.charAt(0));
    return text + (separated ? "" : " ") + choice;
  }

  /** Keeps the last tokens that fit into the context, and at least all scored tokens. */
  private static TokenizedChoice fitted(int[] text, int from, int bytes, int context) {
    int dropped = Math.min(from, Math.max(0, text.length - context));
    return new TokenizedChoice(
        Arrays.copyOfRange(text, dropped, text.length), from - dropped, bytes, dropped > 0);
  }

  int scored() {
    return tokens.length - from;
  }
}
