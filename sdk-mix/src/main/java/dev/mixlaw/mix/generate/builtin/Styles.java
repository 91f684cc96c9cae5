package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * The built-in styles. Their prompts ask for text in the language of the material, with only its
 * facts, and without introductory or closing remarks.
 */
public final class Styles {
  /** Passage size in tokens: long enough for one thought, and short enough for a 7B model. */
  private static final PassageSource PASSAGES = new PassageSource(350);

  private static final int PAGE_TOKENS = 700;
  private static final int TASK_TOKENS = 200;
  private static final int CONTINUATION_TOKENS = 500;

  private Styles() {}

  /** Returns the style HQ, which rewrites the passage in clean encyclopedic prose. */
  public static Style hq() {
    return rephrasing("hq");
  }

  /** Returns a style that rewrites the passage in short sentences and plain words. */
  public static Style easy() {
    return rephrasing("easy");
  }

  /** Returns a style that rewrites the passage in terse, exact scholarly language. */
  public static Style scholarly() {
    return rephrasing("scholarly");
  }

  /** Returns the style QA, which turns the passage into questions and answers. */
  public static Style qa() {
    return rephrasing("qa");
  }

  /** Returns a style that tells the content of the passage as a story. */
  public static Style story() {
    return rephrasing("story");
  }

  /** Returns a style that turns the passage into a dialogue between two people. */
  public static Style dialogue() {
    return rephrasing("dialogue");
  }

  /**
   * Returns a style that writes textbook sections about keywords sampled from the corpus.
   *
   * @param sections number of documents, at least 1
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
   * Returns the style Self-Instruct, in which the generator invents tasks from the tasks in the
   * corpus and solves them.
   *
   * @param tasks number of documents, at least 1
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
   * Returns a style that criticises and revises the drafts of another style, with three requests
   * instead of one.
   *
   * @param principles principles for the critique, in a few sentences
   */
  public static Style revised(Style first, String principles) {
    return new RevisedStyle(first, principles);
  }

  /**
   * Returns a style that revises the drafts of another style for faithfulness, clarity and
   * completeness.
   */
  public static Style revised(Style first) {
    return revised(first, Resources.text("principles.txt"));
  }

  /**
   * Returns a style with a custom prompt and one request per draft.
   *
   * @param prompt prompt with <code>{text}</code> in place of the material
   * @throws IllegalArgumentException if <code>{text}</code> is missing or there is another
   *     placeholder
   */
  public static Style custom(
      String name, CorpusKind kind, String prompt, MaterialSource materials) {
    return prompted(name, kind, materials, prompt, 0, (material, answer) -> answer);
  }

  /**
   * Returns a style whose prompt is the passage itself, for generators that rewrite their whole
   * prompt.
   */
  public static Style paraphrase() {
    return custom("paraphrase", CorpusKind.REPHRASED, "{text}", PASSAGES);
  }

  /**
   * Returns a style that continues the beginnings of documents, for generators that are not
   * assistants.
   *
   * @param words number of words from the document that are passed to the generator and kept in the
   *     text; at least 1
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
}
