package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * Provides the built-in styles and the sources of the texts from which they write. The prompts ask
 * for text in the language of the source text, with facts from the source text only, and without
 * introductory or closing remarks.
 */
public final class Styles {
  /** Splits documents into passages that a language model with 7B parameters can rewrite. */
  private static final PassageSource PASSAGES = new PassageSource(350);

  private static final int PAGE_TOKENS = 700;
  private static final int TASK_TOKENS = 200;
  private static final int CONTINUATION_TOKENS = 500;

  private Styles() {}

  /** Returns the style HQ, which rewrites a passage in clean encyclopedic prose. */
  public static Style hq() {
    return rephrasing("hq");
  }

  /** Returns a style that rewrites a passage in short sentences and plain words. */
  public static Style easy() {
    return rephrasing("easy");
  }

  /** Returns a style that rewrites a passage in terse and precise scholarly language. */
  public static Style scholarly() {
    return rephrasing("scholarly");
  }

  /** Returns the style QA, which turns a passage into questions and answers. */
  public static Style qa() {
    return rephrasing("qa");
  }

  /** Returns a style that retells a passage as a story. */
  public static Style story() {
    return rephrasing("story");
  }

  /** Returns a style that turns a passage into a dialogue between two people. */
  public static Style dialogue() {
    return rephrasing("dialogue");
  }

  /**
   * Returns a style that writes sections of a textbook about keywords sampled from the corpus.
   *
   * @param sections number of documents to write, at least 1
   * @throws IllegalArgumentException if {@code sections} is less than 1
   */
  public static Style textbook(int sections) {
    return prompted(
        "textbook",
        CorpusKind.TEXTBOOK,
        new KeywordSource(sections, 6),
        Resources.text("textbook.txt"),
        PAGE_TOKENS,
        (keywords, answer) -> answer);
  }

  /**
   * Returns the style Self-Instruct, in which the generator invents tasks that resemble the tasks
   * in the corpus, and solves them.
   *
   * @param tasks number of documents to write, at least 1
   * @throws IllegalArgumentException if {@code tasks} is less than 1
   */
  public static Style selfInstruct(int tasks) {
    return new PromptStyle(
        "self-instruct",
        CorpusKind.OTHER,
        new SelfInstructSource(tasks),
        Map.of("self-instruct", "{text}", "tasks", SelfInstructSource.prompt()),
        new PromptTemplate("{text}"),
        TASK_TOKENS,
        (task, answer) -> answer.isBlank() ? "" : task + "\n\n" + answer.strip());
  }

  /**
   * Returns a style that criticizes and revises each draft of another style, with three requests
   * instead of one.
   *
   * @param principles principles for the critique, in a few sentences
   */
  public static Style revised(Style first, String principles) {
    return new RevisedStyle(first, principles);
  }

  /**
   * Returns a style that revises each draft of another style to improve faithfulness, clarity and
   * completeness.
   */
  public static Style revised(Style first) {
    return revised(first, Resources.text("principles.txt"));
  }

  /**
   * Returns a style with a custom prompt and one request per draft.
   *
   * @param prompt prompt in which <code>{text}</code> is replaced with the source text
   * @throws IllegalArgumentException if <code>{text}</code> is missing or there is another
   *     placeholder
   */
  public static Style custom(
      String name, CorpusKind kind, String prompt, MaterialSource materials) {
    return prompted(name, kind, materials, prompt, 0, (material, answer) -> answer);
  }

  /**
   * Returns a style whose prompt is the passage itself, for generators that rewrite their prompt.
   */
  public static Style paraphrase() {
    return custom("paraphrase", CorpusKind.REPHRASED, "{text}", PASSAGES);
  }

  /**
   * Returns a style in which the generator continues the first words of each document, for base
   * models without instruction tuning.
   *
   * @param words number of words that are taken from the document and kept in the text, at least 1
   * @throws IllegalArgumentException if {@code words} is less than 1
   */
  public static Style continuation(int words) {
    return prompted(
        "continuation",
        CorpusKind.OTHER,
        new OpeningSource(words),
        "{text}",
        CONTINUATION_TOKENS,
        (opening, answer) -> opening + answer);
  }

  private static Style rephrasing(String name) {
    String prompt = Resources.text(name + ".txt");
    return custom(name, CorpusKind.REPHRASED, prompt, PASSAGES);
  }

  private static Style prompted(
      String name,
      CorpusKind kind,
      MaterialSource materials,
      String prompt,
      int expectedTokens,
      BinaryOperator<String> draft) {
    PromptTemplate template = PromptTemplate.of(prompt, Set.of("text"));
    return new PromptStyle(
        name, kind, materials, Map.of(name, prompt), template, expectedTokens, draft);
  }

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
  public static MaterialSource selfInstructTasks(int tasks) {
    return new SelfInstructSource(tasks);
  }

  /** Returns a corpus of English example tasks of many kinds, for {@link #selfInstructTasks}. */
  public static Corpus seedTasks() {
    return SelfInstructSource.seedTasks();
  }
}
