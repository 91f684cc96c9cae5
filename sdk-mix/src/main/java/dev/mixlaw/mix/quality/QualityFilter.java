package dev.mixlaw.mix.quality;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules that documents must pass, in their order; the first that refuses a document is counted.
 *
 * <pre>{@code
 * var clean = QualityFilter.of(QualityRules.gopher(), QualityRules.c4());
 * Corpus filtered = clean.apply(web).named("web-clean");
 * clean.survey(web).refused().forEach((rule, documents) -> ...);
 * }</pre>
 */
public final class QualityFilter {
  private final List<QualityRule> rules;

  private QualityFilter(List<QualityRule> rules) {
    this.rules = List.copyOf(rules);
    if (rules.stream().map(QualityRule::name).distinct().count() < rules.size()) {
      throw new IllegalArgumentException("two rules have one name: " + rules);
    }
  }

  /**
   * How many documents stay and go.
   *
   * @param documents read
   * @param kept of them
   * @param refused by the name of each rule, in the order of the rules
   */
  public record Counts(long documents, long kept, Map<String, Long> refused) {
    public Counts {
      refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }
  }

  /** Several sets of rules, one after another. */
  @SafeVarargs
  public static QualityFilter of(List<QualityRule>... sets) {
    List<QualityRule> all = new ArrayList<>();
    for (List<QualityRule> set : sets) {
      all.addAll(set);
    }
    return new QualityFilter(all);
  }

  /** These rules and one more, tried last. */
  public QualityFilter and(QualityRule rule) {
    return of(rules, List.of(rule));
  }

  /** The corpus without the documents that are refused; filtered anew at each reading. */
  public Corpus apply(Corpus corpus) {
    DocumentSource kept =
        () ->
            new FilteredDocumentStream(
                Corpora.open(corpus),
                d -> rules.stream().noneMatch(rule -> rule.refuses().test(d.text())));
    return new Corpus(corpus.name(), corpus.kind(), corpus.generator(), new Corpus.Supplied(kept));
  }

  /** Reads a corpus and counts what each rule refuses. */
  public Counts survey(Corpus corpus) {
    Map<String, Long> refused = new LinkedHashMap<>();
    rules.forEach(rule -> refused.put(rule.name(), 0L));
    long documents = 0;
    long kept = 0;
    try (DocumentStream stream = Corpora.open(corpus)) {
      while (stream.hasNext()) {
        Document document = stream.next();
        documents++;
        var first = rules.stream().filter(r -> r.refuses().test(document.text())).findFirst();
        first.ifPresent(rule -> refused.merge(rule.name(), 1L, Long::sum));
        kept += first.isEmpty() ? 1 : 0;
      }
    }
    return new Counts(documents, kept, refused);
  }
}
