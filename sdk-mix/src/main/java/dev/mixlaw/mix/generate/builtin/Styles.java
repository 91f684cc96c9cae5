package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Set;

/**
 * The styles that come with the library. Prompts ask for the language of the material, for the
 * facts in it and for nothing around the text.
 */
public final class Styles {
  /**
   * Tokens of a passage, unless said otherwise: long enough for a thought, short for a 7B model.
   */
  private static final PassageSource PASSAGES = PassageSource.of(350);

  private static final int PAGE_TOKENS = 700;

  private Styles() {}

  /** HQ: the passage said again in clean encyclopedic prose. */
  public static Style hq() {
    return rephrasing("hq");
  }

  /** The passage in short sentences and plain words. */
  public static Style easy() {
    return rephrasing("easy");
  }

  /** The passage in the terse and exact language of scholars. */
  public static Style scholarly() {
    return rephrasing("scholarly");
  }

  /** QA: the passage as questions and answers. */
  public static Style qa() {
    return rephrasing("qa");
  }

  /** The passage's matter as a story. */
  public static Style story() {
    return rephrasing("story");
  }

  /** The passage's matter as a talk between two people. */
  public static Style dialogue() {
    return rephrasing("dialogue");
  }

  /**
   * Textbook sections written from keywords sampled from the corpus.
   *
   * @param sections how many documents
   */
  public static Style textbook(int sections) {
    return prompted(
        "textbook",
        CorpusKind.TEXTBOOK,
        KeywordSource.of(sections, 6),
        "textbook.txt",
        PAGE_TOKENS);
  }

  /**
   * Self-Instruct: tasks that the generator thinks up from those of the corpus, with its solutions.
   *
   * @param tasks how many documents
   */
  public static Style selfInstruct(int tasks) {
    return new SelfInstructStyle(new SelfInstructSource(tasks));
  }

  /**
   * Another style's drafts, criticised and revised: three requests for one.
   *
   * @param principles what a draft is criticised by, a few sentences
   */
  public static Style revised(Style first, String principles) {
    return new RevisedStyle(first, principles);
  }

  /** {@link #revised(Style, String)} by faithfulness, clearness and completeness. */
  public static Style revised(Style first) {
    return revised(first, Resources.text(Styles.class, "principles.txt"));
  }

  /**
   * Your own: one request a draft.
   *
   * @param prompt with <code>{text}</code> where the material goes
   * @throws IllegalArgumentException if it has not, or has other placeholders
   */
  public static Style custom(
      String name, CorpusKind kind, String prompt, MaterialSource materials) {
    return new PromptStyle(name, kind, materials, PromptTemplate.of(prompt, Set.of("text")), 0);
  }

  /** The passage itself as the prompt, for generators that rephrase whatever they are given. */
  public static Style paraphrase() {
    return custom("paraphrase", CorpusKind.REPHRASED, "{text}", PASSAGES);
  }

  /**
   * Beginnings of documents gone on with, for generators that are no assistants.
   *
   * @param words of a document that the generator is given; they stay in the text
   */
  public static Style continuation(int words) {
    return new ContinuationStyle(new OpeningSource(words));
  }

  private static Style rephrasing(String name) {
    return prompted(name, CorpusKind.REPHRASED, PASSAGES, name + ".txt", 0);
  }

  private static Style prompted(
      String name, CorpusKind kind, MaterialSource materials, String resource, int expectedTokens) {
    PromptTemplate template =
        PromptTemplate.of(Resources.text(Styles.class, resource), Set.of("text"));
    return new PromptStyle(name, kind, materials, template, expectedTokens);
  }
}
