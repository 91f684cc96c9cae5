package dev.mixlaw.api.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that can also write. Not for use by several threads at once. */
public interface SamplingModel extends LanguageModel {
  /**
   * Writes texts until there are no more, many at once: when one is done, the next is begun in its
   * place. What becomes of a text depends on its prompt and settings only, on the same kind of
   * processor: not on those beside it, nor on threads.
   *
   * <p>A text ends before the end of text, after the most tokens, or where the context is full: the
   * last token is the one after {@link #context()} others, prompt included.
   *
   * @param texts gives the next to begin, or null if there is none now: it is asked again while
   *     others are being written. Called by the calling thread, as is {@link Text#written}
   * @throws IllegalArgumentException if a prompt or settings are not possible; what was begun is
   *     given up
   * @throws IllegalStateException if the model has diverged
   */
  void write(Supplier<? extends @Nullable Text> texts);

  /**
   * Goes on from prompts, the first with the settings' seed and each of the others with the one
   * after.
   *
   * @param prompts 1 to {@link #context()} token ids each
   * @return what was written, in the prompts' order, without the prompts and the end of text
   * @throws IllegalArgumentException if a prompt or the settings are not possible
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

  /** A text to be written. */
  interface Text {
    /** What it goes on from: 1 to {@link #context()} token ids. */
    int[] prompt();

    Sampling settings();

    /** Receives what was written, without the prompt and the end of text, once. */
    void written(int[] ids);

    /** A text from its parts. */
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
   * How to write.
   *
   * @param maxTokens most tokens to write for a prompt
   * @param temperature 1 samples as learned, 0 takes the likeliest
   * @param topP samples from the likeliest tokens of together this probability (Holtzman et al.
   *     2020); 1 from all
   * @param seed of the text: the same prompt and settings give the same text
   * @param endOfText the id that ends a text; -1 lets none end before {@code maxTokens}
   */
  record Sampling(int maxTokens, double temperature, double topP, long seed, int endOfText) {
    /** The same with another seed. */
    public Sampling withSeed(long other) {
      return new Sampling(maxTokens, temperature, topP, other, endOfText);
    }
  }
}
