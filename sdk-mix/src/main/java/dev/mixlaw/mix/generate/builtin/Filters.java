package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import java.util.Optional;

/** The filters that come with the library. */
public final class Filters {
  private Filters() {}

  /** Returns a filter that refuses answers which ended at the token limit. */
  public static DraftFilter whole() {
    return new CutOffFilter();
  }

  /**
   * Returns a filter that removes what assistants add to a text: reasoning in {@code <think>} tags,
   * a code fence around the whole text, lead-ins such as "Here is the rewritten passage:", and
   * offers of further help. It knows English phrases only.
   */
  public static DraftFilter leadIns() {
    return new LeadInFilter();
  }

  /**
   * Returns a filter that refuses answers in which a language model declines or speaks of itself.
   * It knows English phrases only.
   */
  public static DraftFilter refusals() {
    return new RefusalFilter();
  }

  /**
   * Returns a filter that refuses drafts which are much shorter or longer than their material, in
   * characters.
   *
   * @param least smallest ratio of draft to material, 0 or more
   * @param most largest ratio, more than {@code least}
   * @throws IllegalArgumentException if a ratio is out of range
   */
  public static DraftFilter lengthRatio(double least, double most) {
    return new LengthRatioFilter(least, most);
  }

  /**
   * Returns a filter that refuses drafts in another language than their material. It keeps a draft
   * if either language cannot be detected.
   */
  public static DraftFilter language() {
    return new LanguageFilter(Optional.empty());
  }

  /**
   * Returns a filter that refuses drafts in another language. It keeps a draft whose language
   * cannot be detected.
   *
   * @param language ISO 639-1 code, such as {@code en}
   * @throws IllegalArgumentException if the language cannot be detected; lists those that can
   */
  public static DraftFilter language(String language) {
    return new LanguageFilter(Optional.of(LanguageDetector.language(language)));
  }

  /**
   * Returns a filter that refuses drafts which repeat their material.
   *
   * @param mostShared largest part of a draft's 13-word shingles that may occur in the material, 0
   *     to 1
   * @throws IllegalArgumentException if {@code mostShared} is out of range
   */
  public static DraftFilter nearCopies(double mostShared) {
    return new NearCopyFilter(mostShared);
  }

  /**
   * Returns a filter that lets the generator itself score drafts from 1 to 5 (AI feedback).
   *
   * @param criteria what is scored, in a few sentences
   * @param least lowest score of a kept draft, 1 to 5
   * @throws IllegalArgumentException if {@code least} is out of range
   */
  public static DraftFilter judge(String criteria, int least) {
    return new JudgeFilter(criteria, least, Optional.empty());
  }

  /**
   * Returns the same filter with another generator as the judge.
   *
   * @param criteria what is scored, in a few sentences
   * @param least lowest score of a kept draft, 1 to 5
   * @param by generator that scores
   * @throws IllegalArgumentException if {@code least} is out of range
   */
  public static DraftFilter judge(String criteria, int least, TextGenerator by) {
    return new JudgeFilter(criteria, least, Optional.of(by));
  }
}
