package dev.mixlaw.api.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that can also write text. Not thread-safe. */
public interface SamplingModel extends LanguageModel {
  /**
   * Writes many texts at once until there are no more; a finished text is replaced by the next one.
   * On the same kind of processor, a text depends only on its own prompt and settings.
   *
   * <p>A text ends before an end-of-text token, at its token limit, or when the context is full.
   * The last token can follow {@link #context()} other tokens, including the prompt.
   *
   * @param texts supplier that returns the next text, or null if there is currently none. It is
   *     called again while other texts are being written. Both this supplier and {@link
   *     Text#written} are called on the calling thread
   * @throws IllegalArgumentException if a prompt or settings are out of range; unfinished texts are
   *     dropped
   * @throws IllegalStateException if the model has diverged
   */
  void write(Supplier<? extends @Nullable Text> texts);

  /**
   * Continues prompts. The first prompt uses the seed in the settings, and the seed increases by
   * one with each further prompt.
   *
   * @param prompts prompts of 1 to {@link #context()} token ids each
   * @param settings settings for all texts
   * @return the written ids in the order of the prompts, without prompts and end-of-text tokens
   * @throws IllegalArgumentException if a prompt or the settings are out of range
   */
  default List<int[]> sample(List<int[]> prompts, Sampling settings) {
    List<int[]> written = new ArrayList<>();
    var numbered = prompts.listIterator();
    write(
        () -> {
          if (!numbered.hasNext()) {
            return null;
          }
          int number = numbered.nextIndex();
          written.add(new int[0]);
          return Text.of(
              numbered.next(),
              settings.withSeed(settings.seed() + number),
              ids -> written.set(number, ids));
        });
    return written;
  }

  /** A text to write. */
  interface Text {
    /** Returns the prompt that the text continues: 1 to {@link #context()} token ids. */
    int[] prompt();

    /** Returns the sampling settings. */
    Sampling settings();

    /** Receives the written ids, without prompt and end-of-text token. Called once. */
    void written(int[] ids);

    /** Returns a text with the given parts. */
    static Text of(int[] prompt, Sampling settings, Consumer<int[]> written) {
      return new Text() {
        @Override
        public int[] prompt() {
          return prompt;
        }

        @Override
        public Sampling settings() {
          return settings;
        }

        @Override
        public void written(int[] ids) {
          written.accept(ids);
        }
      };
    }
  }

  /**
   * Settings for sampling tokens.
   *
   * @param maxTokens largest number of tokens to write after a prompt
   * @param temperature sampling temperature, 0 or more: 1 samples from the model's distribution, 0
   *     takes the most likely token
   * @param topP total probability of the most likely tokens, to which sampling is limited (Holtzman
   *     et al. 2020); above 0, at most 1; 1 samples from all tokens
   * @param seed seed for sampling; the same prompt and settings with the same seed give the same
   *     text
   * @param endOfText id of the token that ends a text; with -1, no text ends before {@code
   *     maxTokens}
   */
  record Sampling(int maxTokens, double temperature, double topP, long seed, int endOfText) {
    /** Returns these settings with another seed. */
    public Sampling withSeed(long other) {
      return new Sampling(maxTokens, temperature, topP, other, endOfText);
    }
  }
}
