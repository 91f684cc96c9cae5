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
 * Languages with their own word rules, and {@link #OTHER} for all other languages.
 *
 * <p>Words are kept as a model sees them: they are not stemmed, and stop words are not dropped.
 * Letters are converted to lower case by the rules of the language. Equivalent spellings are
 * unified, such as character widths in Chinese and vowel signs in Arabic.
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
  /** Any other language, for which the Unicode word rules (UAX 29) are used. */
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

  /** Returns the ISO 639-1 code, or {@code und} for {@link #OTHER}. */
  public String code() {
    return code;
  }

  /** Returns the language for a code such as {@code en} or {@code pt-BR}, if it is known. */
  public static Optional<Language> ofCode(String code) {
    String wanted = code.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(language -> language.code.equals(wanted)).findFirst();
  }

  /** Returns the most frequent words of the language, or empty if there is no list. */
  Optional<CharArraySet> stopWords() {
    return Optional.ofNullable(stopWords).map(Supplier::get);
  }
}
