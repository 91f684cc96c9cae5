package dev.mixlaw.mix.quality;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A filter that rejects documents of low quality by a list of rules. The rules are applied in
 * order, and a rejected document is counted for the first rule that rejects it.
 *
 * <pre>{@code
 * QualityFilter clean = QualityFilter.gopher().and(QualityFilter.c4());
 * Corpus filtered = clean.apply(web).named("web-clean");
 * clean.survey(web).forEach((rule, documents) -> ...);
 * }</pre>
 */
public final class QualityFilter {
  /** Key of the documents that no rule rejects in the counts of {@link #survey}. */
  public static final String ACCEPTED = "accepted";

  private final List<QualityRule> rules;

  private QualityFilter(List<QualityRule> rules) {
    this.rules = List.copyOf(rules);
    List<String> names = rules.stream().map(QualityRule::name).toList();
    if (names.contains(ACCEPTED) || Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException(
          "names of rules: " + names + "; expected different names other than " + ACCEPTED);
    }
  }

  /**
   * Returns a filter with the rules of Gopher (Rae et al. 2021, table A1). A document is accepted
   * if all of these conditions hold:
   *
   * <ul>
   *   <li>The document has 50 to 100,000 words with a mean length of 3 to 10 characters.
   *   <li>The document has at most 0.1 {@code #} and at most 0.1 ellipses per word.
   *   <li>At most 90 % of the lines begin with a bullet, and at most 30 % end with an ellipsis.
   *   <li>At least 80 % of the words contain a letter, and at least two of eight stop words occur.
   *   <li>At most 30 % of the lines are duplicates, and duplicate lines contain at most 20 % of the
   *       characters. The same limits apply to paragraphs.
   *   <li>The most frequent 2-, 3- and 4-gram contain at most 20, 18 and 16 % of the characters.
   *   <li>Repeated 5-, 6-, 7-, 8-, 9- and 10-grams contain at most 15, 14, 13, 12, 11 and 10 % of
   *       the characters.
   * </ul>
   */
  public static QualityFilter gopher() {
    return new QualityFilter(QualityRules.gopher());
  }

  /**
   * Returns a filter with the C4 rules for whole documents (Raffel et al. 2020). The filter rejects
   * documents with the text "lorem ipsum", with an opening brace, or with fewer than five
   * sentences. C4 also removes lines that do not end a sentence. This filter does not remove lines,
   * but rejects a document if more than half of its lines do not end a sentence.
   */
  public static QualityFilter c4() {
    return new QualityFilter(QualityRules.c4());
  }

  /**
   * Returns a filter that rejects a text unless the given language is detected.
   *
   * @param code ISO 639-1 code, such as {@code en}
   * @throws IllegalArgumentException if the language cannot be detected; the message lists the
   *     supported languages
   */
  public static QualityFilter language(String code) {
    return new QualityFilter(List.of(QualityRules.language(LanguageDetector.language(code))));
  }

  /**
   * Returns a filter that rejects texts with a low score. The score is the probability that a text
   * is good, if good and bad texts are equally frequent, according to a classifier that is trained
   * on examples. The classifier is a logistic regression on hashed words and bigrams, similar to
   * the fastText classifiers that selected web text for GPT-3 and LLaMA. All examples are kept in
   * memory during training.
   *
   * @param language ISO 639-1 code of the language whose word rules are used, such as {@code en};
   *     an unsupported code selects the Unicode rules
   * @param least the minimum score of an accepted text, from 0 to 1
   * @throws IllegalArgumentException if there is no good example or no bad example, or if {@code
   *     least} is out of range
   */
  public static QualityFilter trained(
      String language, DocumentSource good, DocumentSource bad, double least) {
    if (!(least >= 0 && least <= 1)) {
      throw new IllegalArgumentException("least score: " + least + "; expected 0 to 1");
    }
    QualityClassifier classifier = QualityClassifier.train(language, good, bad);
    return rejecting("classifier: score under " + least, text -> classifier.score(text) < least);
  }

  /**
   * Returns a filter with a single custom rule.
   *
   * @param name the name under which rejected documents are counted
   * @param rejects thread-safe function that returns whether a text is rejected
   */
  public static QualityFilter rejecting(String name, Predicate<String> rejects) {
    return new QualityFilter(List.of(new QualityRule(name, rejects)));
  }

  /**
   * Returns a filter that applies the rules of this filter, followed by the rules of another
   * filter.
   *
   * @throws IllegalArgumentException if two rules have the same name
   */
  public QualityFilter and(QualityFilter other) {
    List<QualityRule> all = new ArrayList<>(rules);
    all.addAll(other.rules);
    return new QualityFilter(all);
  }

  /** Returns whether no rule rejects the text. */
  public boolean accepts(String text) {
    return rejecting(text).isEmpty();
  }

  /**
   * Returns the corpus without the documents that this filter rejects. The documents are filtered
   * each time the corpus is read.
   */
  public Corpus apply(Corpus corpus) {
    DocumentSource kept =
        () -> new FilteredDocumentStream(Corpora.open(corpus), d -> accepts(d.text()));
    return corpus.with(kept);
  }

  /**
   * Reads a corpus and counts its documents by the rule that rejects them.
   *
   * @return map from the name of each rule to the number of documents that it rejects, and from
   *     {@value #ACCEPTED} to the number of documents that no rule rejects
   */
  public Map<String, Long> survey(Corpus corpus) {
    Map<String, Long> counts = new LinkedHashMap<>();
    rules.forEach(rule -> counts.put(rule.name(), 0L));
    counts.put(ACCEPTED, 0L);
    Documents.each(
        Corpora.open(corpus),
        document ->
            counts.merge(
                rejecting(document.text()).map(QualityRule::name).orElse(ACCEPTED), 1L, Long::sum));
    return Collections.unmodifiableMap(counts);
  }

  private Optional<QualityRule> rejecting(String text) {
    return rules.stream().filter(rule -> rule.rejects().test(text)).findFirst();
  }
}
