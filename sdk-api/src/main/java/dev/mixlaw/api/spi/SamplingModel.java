package dev.mixlaw.api.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A language model that can also generate text. Models are not thread-safe. */
public interface SamplingModel extends LanguageModel {
  /**
   * Generates many texts concurrently until the supplier returns no more. When a text is finished,
   * the next one takes its place. On the same kind of processor, a text depends only on its own
   * prompt and settings.
   *
   * <p>A text ends before an end-of-text token, at its token limit, or when the context is full.
   * The last token can follow {@link #context()} other tokens, including the prompt.
   *
   * @param texts supplier that returns the next text, or null if there is currently none. The
   *     supplier is called again while other texts are generated. This method calls the supplier
   *     and {@link Text#written} in the calling thread
   * @throws IllegalArgumentException if a prompt or settings are out of range; unfinished texts are
   *     discarded
   * @throws IllegalStateException if the model has diverged
   */
  void write(Supplier<? extends @Nullable Text> texts);

  /**
   * Generates a continuation of each prompt. The first prompt uses the seed of the settings. The
   * seed increases by one with each further prompt.
   *
   * @param prompts prompts of 1 to {@link #context()} token ids each
   * @param settings settings for all prompts
   * @return the generated ids in the order of the prompts, without prompts and end-of-text tokens
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
          return new Text(
              numbered.next(),
              settings.withSeed(settings.seed() + number),
              ids -> written.set(number, ids));
        });
    return written;
  }

  /**
   * A text to generate.
   *
   * @param prompt 1 to {@link #context()} token ids; the array must not be modified
   * @param settings settings for sampling tokens
   * @param receiver called once with the generated ids, without prompt and end-of-text token
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(int[] prompt, Sampling settings, Consumer<int[]> receiver) {
    /** Passes the generated ids to the receiver. An engine calls this method once. */
    public void written(int[] ids) {
      receiver.accept(ids);
    }
  }

  /**
   * The settings for sampling tokens.
   *
   * @param maxTokens largest number of tokens to generate after a prompt
   * @param temperature sampling temperature, 0 or more; 1 samples from the distribution of the
   *     model, 0 selects the most likely token
   * @param topP total probability of the most likely tokens to which sampling is limited, above 0
   *     and at most 1 (Holtzman et al. 2020); 1 samples from all tokens
   * @param seed seed for sampling; the same prompt, settings and seed give the same text
   * @param endOfText id of the token that ends a text; if it is -1, texts do not end before {@code
   *     maxTokens}
   */
  record Sampling(int maxTokens, double temperature, double topP, long seed, int endOfText) {
    /** Returns a copy of these settings with the given seed. */
    public Sampling withSeed(long other) {
      return new Sampling(maxTokens, temperature, topP, other, endOfText);
    }
  }
}
