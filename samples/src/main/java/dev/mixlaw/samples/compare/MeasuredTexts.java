package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.mix.analysis.MeasuredCorpus;
import dev.mixlaw.mix.analysis.TermCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The word counts of all texts, which are closed together. Thread-safe. */
final class MeasuredTexts implements AutoCloseable {
  private final Map<Corpus, MeasuredCorpus> corpora = new LinkedHashMap<>();
  private final Map<Corpus, TermCounts> domains = new LinkedHashMap<>();

  synchronized MeasuredCorpus add(Corpus corpus, MeasuredCorpus measured) {
    corpora.put(corpus, measured);
    return measured;
  }

  synchronized TermCounts add(Corpus domain, TermCounts counts) {
    domains.put(domain, counts);
    return counts;
  }

  synchronized MeasuredCorpus corpus(Corpus corpus) {
    return Objects.requireNonNull(corpora.get(corpus));
  }

  TermCounts words(Corpus corpus) {
    return corpus(corpus).unigrams();
  }

  synchronized TermCounts domain(Corpus domain) {
    return Objects.requireNonNull(domains.get(domain));
  }

  @Override
  public synchronized void close() {
    corpora.values().forEach(MeasuredCorpus::close);
    domains.values().forEach(TermCounts::close);
  }
}
