package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.mix.generate.spi.MaterialSource;

/** Provides the built-in sources of texts from which drafts are written. */
public final class MaterialSources {
  private MaterialSources() {}

  /**
   * Returns a source that splits documents into passages of similar size, at sentence ends.
   *
   * @param maxTokens maximum number of tokens per passage, at least 1
   * @throws IllegalArgumentException if {@code maxTokens} is less than 1
   */
  public static MaterialSource passages(int maxTokens) {
    return new PassageSource(maxTokens);
  }

  /**
   * Returns a source that samples lists of keywords from the corpus.
   *
   * @param lists number of lists to make, at least 1
   * @param words number of keywords per list, 1 to 24; fewer if a document does not have enough
   * @throws IllegalArgumentException if a number is out of range
   */
  public static MaterialSource keywords(int lists, int words) {
    return new KeywordSource(lists, words);
  }

  /**
   * Returns a source that takes the first words of each document.
   *
   * @param words number of words, at least 1; a shorter document is used completely
   * @throws IllegalArgumentException if {@code words} is less than 1
   */
  public static MaterialSource openings(int words) {
    return new OpeningSource(words);
  }

  /**
   * Returns a source in which the generator invents new tasks that resemble the tasks in the corpus
   * (Self-Instruct, arXiv 2212.10560).
   *
   * @param tasks number of tasks to make, at least 1
   * @throws IllegalArgumentException if {@code tasks} is less than 1
   */
  public static MaterialSource selfInstruct(int tasks) {
    return new SelfInstructSource(tasks);
  }

  /** Returns a corpus of English example tasks of many kinds, for {@link #selfInstruct}. */
  public static Corpus seedTasks() {
    return SelfInstructSource.seedTasks();
  }
}
