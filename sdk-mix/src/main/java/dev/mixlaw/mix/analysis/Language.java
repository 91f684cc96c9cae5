package dev.mixlaw.mix.analysis;

import java.util.Locale;
import java.util.Optional;

/**
 * Languages with word rules of their own; {@link #OTHER} stands for all others.
 *
 * <p>Words stay as a model sees them: nothing is stemmed and no stop word is dropped. Letters
 * become lower case by the rules of the language. Spellings that make no difference to a reader,
 * such as widths of Chinese characters and Arabic vowel signs, are unified.
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
  /** Any other language: Unicode's word rules (UAX 29), in lower case. */
  OTHER("und");

  private final String code;

  Language(String code) {
    this.code = code;
  }

  /** Returns the ISO 639-1 code; {@code und} for {@link #OTHER}. */
  public String code() {
    return code;
  }

  /** Returns the language of a code such as {@code en} or {@code pt-BR}; empty if it is unknown. */
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
