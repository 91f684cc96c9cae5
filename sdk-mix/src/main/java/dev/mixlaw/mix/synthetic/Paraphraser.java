package dev.mixlaw.mix.synthetic;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.internal.ForwardingDocumentStream;
import dev.mixlaw.mix.internal.Hash64;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * A text generator that returns the prompt with some words replaced by synonyms. Sentences and
 * their order are kept.
 *
 * <p>Words are determined by Unicode text segmentation (UAX 29). Each word in the thesaurus is
 * replaced with the given probability, by one of its first three synonyms. Capitalization at the
 * beginning of a sentence is preserved, and a preceding {@code a} or {@code an} is corrected.
 * Function words, other capitalized words (names) and lines of program code are not changed. Words
 * that are adjacent to other characters than white space and sentence punctuation are not changed
 * either.
 *
 * <p>The replacements depend only on the seed and on the positions of the words. The setting {@code
 * maxTokens} limits the number of words, and the temperature has no effect. This class is
 * thread-safe.
 */
public final class Paraphraser implements TextGenerator {
  private static final int CHOICES = 3;
  private static final Set<String> FUNCTION_WORDS =
      Set.of(
          ("a about above after again against all also am an and any are as at be because been before being below between both but by can cannot could did do does doing done down during each either else ever every few for from further get gets got had has have having he her here hers him his how however i if in into is it its itself just least less let like made make makes many may me might mine more most much must my neither never no nor not now of off on once one only or other others our ours out over own per same shall she should since so some such than that the their theirs them then there these they this those three through to too two under until up upon us very via was we well were what when where whether which while who whom whose why will with within without would yes yet you your yours")
              .split(" "));

  private final String thesaurus;
  private final Function<String, List<String>> synonyms;
  private final double rate;

  /**
   * Creates a paraphraser with the synonyms of any thesaurus.
   *
   * @param thesaurus fingerprint of the thesaurus, which generated texts record
   * @param synonyms a thread-safe function that returns the synonyms of a lower-case word in the
   *     same grammatical form, best first and without the word itself; empty if there are none
   * @param rate probability of replacing a word that has synonyms, from 0 to 1
   * @throws IllegalArgumentException if {@code rate} is out of range
   */
  public Paraphraser(String thesaurus, Function<String, List<String>> synonyms, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate: " + rate + "; expected 0 to 1");
    }
    this.thesaurus = thesaurus;
    this.synonyms = synonyms;
    this.rate = rate;
  }

  /**
   * Creates a paraphraser with the synonyms in the files of WordNet (Fellbaum 1998). Both streams
   * are read to the end but not closed.
   *
   * <p>Each word is assigned its most frequent part of speech. The synonyms are those of the word's
   * first sense. If the first sense has no synonyms, the next sense that is at least half as
   * frequent is used. The context of a word is ignored, so the sense may be wrong. Only single
   * words of lower-case letters are used. Regular plurals and regular verb forms are reduced to
   * their base form, and the synonyms are inflected accordingly. Irregular forms have no synonyms.
   *
   * @param senseIndex the contents of the file {@code index.sense}
   * @param verbExceptions the contents of the file {@code verb.exc}
   * @param rate probability of replacing a word that has synonyms, from 0 to 1
   * @throws IOException if a stream cannot be read or has another format
   * @throws IllegalArgumentException if {@code rate} is out of range
   */
  public static Paraphraser wordNet(InputStream senseIndex, InputStream verbExceptions, double rate)
      throws IOException {
    WordNet wordNet = WordNet.read(senseIndex, verbExceptions);
    return new Paraphraser(wordNet.fingerprint(), wordNet::synonyms, rate);
  }

  @Override
  public String name() {
    return "wordnet-paraphraser";
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of("rate", Double.toString(rate), "thesaurus", thesaurus);
  }

  @Override
  public Written write(String prompt, Settings settings) {
    try (StandardTokenizer tokens = new StandardTokenizer()) {
      OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
      tokens.setReader(new StringReader(prompt));
      tokens.reset();
      Rewriting rewriting = new Rewriting(prompt, settings.seed());
      int words = 0;
      while (words < settings.maxTokens() && tokens.incrementToken()) {
        rewriting.word(offset.startOffset(), offset.endOffset(), words++);
      }
      return Written.of(rewriting.text(words < settings.maxTokens()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not possible for a text in memory
    }
  }

  /**
   * Returns a source of rewritten documents with the same ids. Documents are rewritten each time
   * the source is read.
   *
   * @param seed seed that, with the id of a document, determines all random choices
   */
  public DocumentSource rephrase(DocumentSource documents, long seed) {
    return () ->
        new ForwardingDocumentStream(documents.open()) {
          @Override
          public Document next() {
            Document document = super.next();
            long own = Hash64.of(document.id(), seed);
            String text = generate(document.text(), new Settings(Integer.MAX_VALUE, 1, own));
            return new Document(document.id(), text);
          }
        };
  }

  private final class Rewriting {
    private final String from;
    private final long seed;
    private final StringBuilder to;
    private int copied;
    private int article = -1;
    private int lineEnd = -1;
    private boolean program;

    Rewriting(String from, long seed) {
      this.from = from;
      this.seed = seed;
      this.to = new StringBuilder(from.length() + from.length() / 16);
    }

    void word(int start, int end, int index) {
      if (start > lineEnd) {
        beginLine(start);
      }
      String word = from.substring(start, end);
      String lower = word.toLowerCase(Locale.ROOT);
      to.append(from, copied, start);
      String replacement = program ? word : replacement(word, lower, start, end, index);
      if (article >= 0 && !replacement.equals(word)) {
        setArticle(replacement);
      }
      article = lower.equals("a") || lower.equals("an") ? to.length() : -1;
      to.append(replacement);
      copied = end;
    }

    String text(boolean whole) {
      return to.append(from, copied, whole ? from.length() : copied).toString();
    }

    private void beginLine(int start) {
      int begin = from.lastIndexOf('\n', start) + 1;
      int end = from.indexOf('\n', start);
      lineEnd = end < 0 ? from.length() : end;
      program = SourceCodeDetector.is(from.substring(begin, lineEnd));
    }

    private String replacement(String word, String lower, int start, int end, int index) {
      if (!EnglishInflection.plain(lower) || FUNCTION_WORDS.contains(lower) || !free(start, end)) {
        return word;
      }
      boolean capital = Character.isUpperCase(word.charAt(0));
      boolean name = capital && !beginsSentence(start);
      if (name || !lower.regionMatches(1, word, 1, word.length() - 1)) {
        return word;
      }
      long random = Hash64.at(seed, index);
      if ((random >>> 11) * 0x1p-53 >= rate) {
        return word;
      }
      List<String> found = synonyms.apply(lower);
      if (found.isEmpty()) {
        return word;
      }
      int choice =
          (int) Long.remainderUnsigned(Hash64.mix(random), Math.min(CHOICES, found.size()));
      String synonym = found.get(choice);
      return capital ? Character.toUpperCase(synonym.charAt(0)) + synonym.substring(1) : synonym;
    }

    /** Returns whether only white space and sentence punctuation are adjacent to a word. */
    private boolean free(int start, int end) {
      return (start == 0 || isSpaceOr(from.charAt(start - 1), "\"'(“‘"))
          && (end == from.length() || isSpaceOr(from.charAt(end), "\"').,;:!?”’"));
    }

    private boolean beginsSentence(int start) {
      for (int i = start - 1; i >= 0; i--) {
        char c = from.charAt(i);
        if (c == '\n' || ".!?".indexOf(c) >= 0) {
          return true;
        }
        if (!isSpaceOr(c, "\"'(“‘")) {
          return false;
        }
      }
      return true;
    }

    private void setArticle(String next) {
      boolean an =
          EnglishInflection.vowel(Character.toLowerCase(next.charAt(0)))
              && !next.matches("(?i)(uni|use|usa|usu|eu|one).*");
      boolean had = to.length() > article + 1 && to.charAt(article + 1) == 'n';
      if (an && !had) {
        to.insert(article + 1, 'n');
      } else if (!an && had) {
        to.deleteCharAt(article + 1);
      }
    }
  }

  private static boolean isSpaceOr(char c, String signs) {
    return Character.isWhitespace(c) || signs.indexOf(c) >= 0;
  }
}
