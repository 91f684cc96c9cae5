package dev.mixlaw.mix.analysis;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.bn.BengaliNormalizationFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.el.GreekLowerCaseFilter;
import org.apache.lucene.analysis.fa.PersianNormalizationFilter;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiNormalizationFilter;
import org.apache.lucene.analysis.in.IndicNormalizationFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.th.ThaiTokenizer;
import org.apache.lucene.analysis.tr.TurkishLowerCaseFilter;
import org.apache.lucene.analysis.util.ElisionFilter;

/** Lucene's tokenizer and filters for a language, without stemming or removal of stop words. */
final class WordAnalyzer extends Analyzer {
  private final Language language;

  WordAnalyzer(Language language) {
    this.language = language;
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = language == Language.THAI ? new ThaiTokenizer() : new StandardTokenizer();
    return new TokenStreamComponents(words, filtered(words));
  }

  private TokenStream filtered(TokenStream words) {
    return switch (language) {
      case TURKISH -> new TurkishLowerCaseFilter(words);
      case GREEK -> new GreekLowerCaseFilter(words);
      case FRENCH -> lower(new ElisionFilter(words, FrenchAnalyzer.DEFAULT_ARTICLES));
      case ARABIC -> new ArabicNormalizationFilter(digits(lower(words)));
      case PERSIAN ->
          new PersianNormalizationFilter(new ArabicNormalizationFilter(digits(lower(words))));
      case HINDI ->
          new HindiNormalizationFilter(new IndicNormalizationFilter(digits(lower(words))));
      case BENGALI ->
          new BengaliNormalizationFilter(new IndicNormalizationFilter(digits(lower(words))));
      case THAI -> digits(lower(words));
      case CHINESE, JAPANESE, KOREAN -> new CJKBigramFilter(lower(new CJKWidthFilter(words)));
      default -> lower(words);
    };
  }

  private static TokenStream lower(TokenStream words) {
    return new LowerCaseFilter(words);
  }

  private static TokenStream digits(TokenStream words) {
    return new DecimalDigitFilter(words);
  }
}
