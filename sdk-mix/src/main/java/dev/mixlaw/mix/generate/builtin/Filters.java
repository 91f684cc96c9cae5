package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Provides the built-in filters for drafts. */
public final class Filters {
  private static final List<Pattern> REFUSALS = Resources.patterns("refusals.txt");

  private Filters() {}

  private record Filter(
      String name, String description, BiFunction<Draft, DraftSession, Draft> judgement)
      implements DraftFilter {
    @Override
    public Draft judge(Draft draft, DraftSession session) {
      return judgement.apply(draft, session);
    }
  }

  private static DraftFilter rule(
      String name, String description, Function<Draft, Optional<String>> refusal) {
    return new Filter(
        name,
        description,
        (draft, session) -> refusal.apply(draft).map(draft::rejected).orElse(draft));
  }

  /** Returns a filter that rejects drafts whose last answer reached the token limit. */
  public static DraftFilter whole() {
    return rule(
        "whole",
        "rejects answers cut off at the token limit",
        draft -> draft.cutOff() ? Optional.of("cut off at the token limit") : Optional.empty());
  }

  /**
   * Returns a filter that removes text that assistants add to their answers. The filter removes
   * reasoning in {@code <think>} tags, a code fence around the whole text, lead-ins such as "Here
   * is the rewritten passage:", and offers of further help. Only English phrases are recognized.
   */
  public static DraftFilter leadIns() {
    return new Filter(
        "lead-ins",
        "removes reasoning in tags, fences, lead-ins and closing offers (English)",
        (draft, session) -> LeadIns.remove(draft));
  }

  /**
   * Returns a filter that rejects answers in which a language model declines the request or
   * mentions that it is a language model. Only English phrases are recognized.
   */
  public static DraftFilter refusals() {
    return rule(
        "refusals",
        "rejects answers that are refusals or mention being a language model (English)",
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
   * Returns a filter that rejects drafts that are much shorter or longer than their source text.
   * Lengths are measured in characters.
   *
   * @param least minimum length of a draft divided by the length of its source text, 0 or more
   * @param most maximum length of a draft divided by the length of its source text, above {@code
   *     least}
   * @throws IllegalArgumentException if a ratio is out of range
   */
  public static DraftFilter lengthRatio(double least, double most) {
    if (!(least >= 0 && most > least)) {
      throw new IllegalArgumentException(
          "length ratio: %s to %s; expected two numbers of at least 0, the second one larger"
              .formatted(least, most));
    }
    return rule(
        "length-ratio",
        "draft to material, in characters: " + least + " to " + most,
        draft -> {
          double ratio = (double) characters(draft.text()) / characters(draft.material().text());
          return ratio >= least && ratio <= most
              ? Optional.empty()
              : Optional.of(Texts.format("%.2f of the material's length", ratio));
        });
  }

  private static int characters(String text) {
    String body = text.strip();
    return body.codePointCount(0, body.length());
  }

  /**
   * Returns a filter that rejects drafts that are not in the language of their source text. If one
   * of the languages cannot be detected, the draft is accepted.
   */
  public static DraftFilter language() {
    return language(Optional.empty());
  }

  /**
   * Returns a filter that rejects drafts that are not in the given language. If the language of a
   * draft cannot be detected, the draft is accepted.
   *
   * @param language ISO 639-1 code, such as {@code en}
   * @throws IllegalArgumentException if the language cannot be detected; the message lists the
   *     supported languages
   */
  public static DraftFilter language(String language) {
    return language(Optional.of(LanguageDetector.language(language)));
  }

  private static DraftFilter language(Optional<Language> wanted) {
    return rule(
        "language",
        wanted.map(Language::code).orElse("the material's")
            + ", detected by function words and script",
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
   * Returns a filter that rejects drafts that repeat their source text.
   *
   * @param mostShared maximum fraction of a draft's 13-word shingles that may occur in the source
   *     text, from 0 to 1
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
                  Texts.format("shares %.2f of its shingles", (double) shared / own.length));
        });
  }

  /**
   * Returns a filter that rejects drafts with a low score. The generator that wrote the drafts also
   * scores them, from 1 to 5 (AI feedback).
   *
   * @param criteria criteria for the score, in a few sentences
   * @param least minimum score of an accepted draft, from 1 to 5
   * @throws IllegalArgumentException if {@code least} is out of range
   */
  public static DraftFilter judge(String criteria, int least) {
    return judge(new Judge(criteria, least, Optional.empty()));
  }

  /**
   * Returns a filter that rejects drafts to which another generator assigns a low score, from 1 to
   * 5.
   *
   * @param criteria criteria for the score, in a few sentences
   * @param least minimum score of an accepted draft, from 1 to 5
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
