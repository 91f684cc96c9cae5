package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import java.util.Optional;

/** The filters that come with the library. */
public final class Filters {
  private Filters() {}

  /** Refuses answers that ended at the limit of tokens, in the middle of something. */
  public static DraftFilter whole() {
    return new CutOffFilter();
  }

  /**
   * Takes off what assistants put around a text: reasoning in {@code <think>} tags, a fence around
   * all of it, lead-ins such as "Here is the rewritten passage:", closing offers of help. English
   * phrases only.
   */
  public static DraftFilter leadIns() {
    return new LeadInFilter();
  }

  /** Refuses answers that are refusals or speak of being a language model. English phrases only. */
  public static DraftFilter refusals() {
    return new RefusalFilter();
  }

  /**
   * Refuses drafts much shorter or longer than their material, in characters.
   *
   * @param least the smallest ratio of draft to material
   * @param most the largest
   */
  public static DraftFilter lengthRatio(double least, double most) {
    return new LengthRatioFilter(least, most);
  }

  /** Refuses drafts in another language than their material, where both can be told. */
  public static DraftFilter language() {
    return new LanguageFilter(Optional.empty());
  }

  /**
   * Refuses drafts in another language, where it can be told.
   *
   * @param language ISO 639-1, such as {@code en}
   * @throws IllegalArgumentException if that language is not known here; lists those that are
   */
  public static DraftFilter language(String language) {
    return LanguageFilter.of(language);
  }

  /**
   * Refuses drafts that repeat their material.
   *
   * @param mostShared the largest part of a draft's {@linkplain dev.mixlaw.mix.internal.Shingles
   *     13-word shingles} that may stand in the material
   */
  public static DraftFilter nearCopies(double mostShared) {
    return new NearCopyFilter(mostShared);
  }

  /**
   * AI feedback: the generator itself scores drafts from 1 to 5.
   *
   * @param criteria what is scored, a few sentences
   * @param least the lowest score that stays
   */
  public static DraftFilter judge(String criteria, int least) {
    return new JudgeFilter(criteria, least, Optional.empty());
  }

  /** {@link #judge(String, int)} by another generator. */
  public static DraftFilter judge(String criteria, int least, TextGenerator by) {
    return new JudgeFilter(criteria, least, Optional.of(by));
  }
}
