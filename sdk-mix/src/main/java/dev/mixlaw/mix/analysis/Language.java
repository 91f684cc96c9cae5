package dev.mixlaw.mix.analysis;

import java.util.Locale;
import java.util.Optional;

/**
 * Languages whose text is cut into words by rules of their own; {@link #OTHER} is for all the rest.
 *
 * <p>Words are what a model sees: nothing is stemmed and no stop word is dropped. Letters are
 * lowered as the language does it, and spellings that differ in nothing a reader minds (widths of
 * Chinese characters, Arabic vowel signs) are made one.
 */
public enum Language {
  ARABIC("ar"),
  BENGALI("bn"),
  BULGARIAN("bg"),
  CATALAN("ca"),
  CHINESE("zh"),
  CZECH("cs"),
  DANISH("da"),
  DUTCH("nl"),
  ENGLISH("en"),
  FINNISH("fi"),
  FRENCH("fr"),
  GERMAN("de"),
  GREEK("el"),
  HINDI("hi"),
  HUNGARIAN("hu"),
  INDONESIAN("id"),
  ITALIAN("it"),
  JAPANESE("ja"),
  KOREAN("ko"),
  NORWEGIAN("no"),
  PERSIAN("fa"),
  PORTUGUESE("pt"),
  ROMANIAN("ro"),
  RUSSIAN("ru"),
  SPANISH("es"),
  SWEDISH("sv"),
  THAI("th"),
  TURKISH("tr"),
  /** Any other: words by the rules of Unicode (UAX 29), lowered. */
  OTHER("und");

  private final String code;

  Language(String code) {
    this.code = code;
  }

  /** ISO 639-1 code; {@code und} for {@link #OTHER}. */
  public String code() {
    return code;
  }

  /** The language of a code such as {@code en} or {@code pt-BR}. */
  public static Optional<Language> ofCode(String code) {
    String wanted = code.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    for (Language language : values()) {
      if (language.code.equals(wanted)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }
}
