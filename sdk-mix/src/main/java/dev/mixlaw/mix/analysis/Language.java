package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.jspecify.annotations.Nullable;

/**
 * Languages with their own word rules; {@link #OTHER} stands for all other languages.
 *
 * <p>Words stay as a model sees them: nothing is stemmed and no stop word is dropped. Letters are
 * converted to lower case by the rules of the language. Spellings that make no difference to a
 * reader, such as widths of Chinese characters and Arabic vowel signs, are unified.
 */
public enum Language {
  ARABIC("ar", ArabicAnalyzer::getDefaultStopSet),
  BENGALI("bn"),
  BULGARIAN("bg", BulgarianAnalyzer::getDefaultStopSet),
  CATALAN("ca", CatalanAnalyzer::getDefaultStopSet),
  CHINESE("zh"),
  CZECH("cs", CzechAnalyzer::getDefaultStopSet),
  DANISH("da", DanishAnalyzer::getDefaultStopSet),
  DUTCH("nl", DutchAnalyzer::getDefaultStopSet),
  ENGLISH("en", StopWords::english),
  FINNISH("fi", FinnishAnalyzer::getDefaultStopSet),
  FRENCH("fr", FrenchAnalyzer::getDefaultStopSet),
  GERMAN("de", GermanAnalyzer::getDefaultStopSet),
  GREEK("el"),
  HINDI("hi", HindiAnalyzer::getDefaultStopSet),
  HUNGARIAN("hu", HungarianAnalyzer::getDefaultStopSet),
  INDONESIAN("id", IndonesianAnalyzer::getDefaultStopSet),
  ITALIAN("it", ItalianAnalyzer::getDefaultStopSet),
  JAPANESE("ja"),
  KOREAN("ko"),
  NORWEGIAN("no", NorwegianAnalyzer::getDefaultStopSet),
  PERSIAN("fa", PersianAnalyzer::getDefaultStopSet),
  PORTUGUESE("pt", PortugueseAnalyzer::getDefaultStopSet),
  ROMANIAN("ro", RomanianAnalyzer::getDefaultStopSet),
  RUSSIAN("ru", RussianAnalyzer::getDefaultStopSet),
  SPANISH("es", SpanishAnalyzer::getDefaultStopSet),
  SWEDISH("sv", SwedishAnalyzer::getDefaultStopSet),
  THAI("th"),
  TURKISH("tr", TurkishAnalyzer::getDefaultStopSet),
  /** Any other language: the Unicode word rules (UAX 29), in lower case. */
  OTHER("und");

  private final String code;
  private final @Nullable Supplier<CharArraySet> stopWords;

  Language(String code) {
    this(code, null);
  }

  Language(String code, @Nullable Supplier<CharArraySet> stopWords) {
    this.code = code;
    this.stopWords = stopWords;
  }

  /** Returns the ISO 639-1 code; {@code und} for {@link #OTHER}. */
  public String code() {
    return code;
  }

  /** Returns the language of a code such as {@code en} or {@code pt-BR}; empty if it is unknown. */
  public static Optional<Language> ofCode(String code) {
    String wanted = code.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(language -> language.code.equals(wanted)).findFirst();
  }

  /** Returns the most frequent words of the language; empty if there is no list of them. */
  Optional<CharArraySet> stopWords() {
    return Optional.ofNullable(stopWords).map(Supplier::get);
  }
}
