package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A question with one of its choices, as tokens.
 *
 * @param tokens those that are read, the question's beginning cut off if it does not fit
 * @param from the first that is scored
 * @param bytes of the choice
 * @param cut whether the question lost its beginning
 */
record TokenizedChoice(int[] tokens, int from, int bytes, boolean cut) {

  /** All choices of a question, scored from the same token on. */
  public static List<TokenizedChoice> of(Question question, Tokenizer tokenizer, int context) {
    // White space at a question's end is scored with the choice, as the harness does it.
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
    boolean apart =
        text.isEmpty()
            || Character.isWhitespace(text.charAt(text.length() - 1))
            || Character.isWhitespace(choice.charAt(0));
    return text + (apart ? "" : " ") + choice;
  }

  /** The right end of a text, as much as fits; never less than what is scored. */
  private static TokenizedChoice fitted(int[] text, int from, int bytes, int context) {
    int lost = Math.min(from, Math.max(0, text.length - context));
    return new TokenizedChoice(
        Arrays.copyOfRange(text, lost, text.length), from - lost, bytes, lost > 0);
  }

  /** Tokens that are scored. */
  public int scored() {
    return tokens.length - from;
  }
}
