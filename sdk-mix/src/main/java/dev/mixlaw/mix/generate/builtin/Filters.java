package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters that come with the library. */
public final class Filters {
  private static final List<Pattern> REFUSALS = Resources.patterns("refusals.txt");

  private Filters() {}

  private record Filter(
      String name, String description, BiFunction<Draft, DraftSession, Verdict> judgement)
      implements DraftFilter {
    @Override
    public Verdict judge(Draft draft, DraftSession session) {
      return judgement.apply(draft, session);
    }
  }

  /** Returns a filter that keeps drafts as they are, or refuses them for a reason. */
  private static DraftFilter rule(
      String name, String description, Function<Draft, Optional<String>> refusal) {
    return new Filter(
        name,
        description,
        (draft, session) ->
            refusal.apply(draft).map(Verdict::refused).orElseGet(() -> Verdict.kept(draft.text())));
  }

  /** Returns a filter that refuses answers which ended at the token limit. */
  public static DraftFilter whole() {
    return rule(
        "whole",
        "refuses answers cut off at the limit of tokens",
        draft -> draft.cutOff() ? Optional.of("cut off at the token limit") : Optional.empty());
  }

  /**
   * Returns a filter that removes what assistants add to their text: reasoning in {@code <think>}
   * tags, a code fence around the whole text, lead-ins such as "Here is the rewritten passage:",
   * and offers of further help. It knows English phrases only.
   */
  public static DraftFilter leadIns() {
    return new Filter(
        "lead-ins",
        "takes off reasoning in tags, fences, lead-ins and closing offers (English)",
        (draft, session) -> LeadIns.remove(draft.text()));
  }

  /**
   * Returns a filter that refuses answers in which a language model declines or speaks of itself.
   * It knows English phrases only.
   */
  public static DraftFilter refusals() {
    return rule(
        "refusals",
        "refuses answers that are refusals or speak of being a language model (English)",
        draft -> {
          String text = draft.text().strip().replace('’', '\'');
          return REFUSALS.stream()
              .map(p -> p.matcher(text))
              .filter(Matcher::find)
              .map(found -> "says \"" + found.group() + "\"")
              .findFirst();
        });
  }

  /**
   * Returns a filter that refuses drafts which are much shorter or longer than their material, in
   * characters.
   *
   * @param least smallest ratio of the draft's length to the material's, 0 or more
   * @param most largest ratio, more than {@code least}
   * @throws IllegalArgumentException if a ratio is out of range
   */
  public static DraftFilter lengthRatio(double least, double most) {
    if (!(least >= 0 && most > least)) {
      throw new IllegalArgumentException(
          "length ratio: "
              + least
              + " to "
              + most
              + "; expected two numbers of at least 0, the second one larger");
    }
    return rule(
        "length-ratio",
        "draft to material, in characters: " + least + " to " + most,
        draft -> {
          double ratio = (double) characters(draft.text()) / characters(draft.material().text());
          return ratio >= least && ratio <= most
              ? Optional.empty()
              : Optional.of(String.format(Locale.ROOT, "%.2f of the material's length", ratio));
        });
  }

  private static int characters(String text) {
    String body = text.strip();
    return body.codePointCount(0, body.length());
  }

  /**
   * Returns a filter that refuses drafts that are not in the language of their material. It keeps a
   * draft if either language cannot be detected.
   */
  public static DraftFilter language() {
    return language(Optional.empty());
  }

  /**
   * Returns a filter that refuses drafts that are not in the given language. It keeps a draft whose
   * language cannot be detected.
   *
   * @param language ISO 639-1 code, such as {@code en}
   * @throws IllegalArgumentException if the language cannot be detected; the message lists the
   *     languages that can be detected
   */
  public static DraftFilter language(String language) {
    return language(Optional.of(LanguageDetector.language(language)));
  }

  private static DraftFilter language(Optional<Language> wanted) {
    return rule(
        "language",
        wanted.map(Language::code).orElse("the material's") + ", told by function words and script",
        draft -> {
          List<Language> allowed =
              wanted
                  .map(List::of)
                  .orElseGet(() -> LanguageDetector.candidates(draft.material().text()));
          List<Language> found = LanguageDetector.candidates(draft.text());
          return allowed.isEmpty() || found.isEmpty() || !Collections.disjoint(allowed, found)
              ? Optional.empty()
              : Optional.of("looks like " + found.get(0).code() + ", not " + allowed.get(0).code());
        });
  }

  /**
   * Returns a filter that refuses drafts which repeat their material.
   *
   * @param mostShared largest fraction of a draft's 13-word shingles that may occur in the
   *     material, 0 to 1
   * @throws IllegalArgumentException if {@code mostShared} is out of range
   */
  public static DraftFilter nearCopies(double mostShared) {
    if (!(mostShared >= 0 && mostShared <= 1)) {
      throw new IllegalArgumentException("mostShared: " + mostShared + "; expected 0 to 1");
    }
    return rule(
        "near-copies",
        "13-word shingles shared with the material: at most " + mostShared,
        draft -> {
          long[] own = Shingles.of(draft.text());
          LongHashSet given = new LongHashSet();
          given.addAll(Shingles.of(draft.material().text()));
          int shared = given.countOf(own);
          return shared <= mostShared * own.length
              ? Optional.empty()
              : Optional.of(
                  String.format(
                      Locale.ROOT, "shares %.2f of its shingles", (double) shared / own.length));
        });
  }

  /**
   * Returns a filter for which the generator itself scores drafts from 1 to 5 (AI feedback).
   *
   * @param criteria criteria for the score, in a few sentences
   * @param least lowest score of a kept draft, 1 to 5
   * @throws IllegalArgumentException if {@code least} is out of range
   */
  public static DraftFilter judge(String criteria, int least) {
    return judge(new Judge(criteria, least, Optional.empty()));
  }

  /**
   * Returns the same filter with another generator as the judge.
   *
   * @param criteria criteria for the score, in a few sentences
   * @param least lowest score of a kept draft, 1 to 5
   * @param by generator that scores the drafts
   * @throws IllegalArgumentException if {@code least} is out of range
   */
  public static DraftFilter judge(String criteria, int least, TextGenerator by) {
    return judge(new Judge(criteria, least, Optional.of(by)));
  }

  private static DraftFilter judge(Judge judge) {
    return new Filter("judge", judge.description(), judge::judge);
  }
}
