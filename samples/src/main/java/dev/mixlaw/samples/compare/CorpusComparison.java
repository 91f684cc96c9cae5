package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.mix.analysis.Contamination;
import dev.mixlaw.mix.analysis.CorpusMeter;
import dev.mixlaw.mix.analysis.CorpusStatistics;
import dev.mixlaw.mix.analysis.CountSettings;
import dev.mixlaw.mix.analysis.Distribution;
import dev.mixlaw.mix.analysis.DomainFit;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.MeasuredCorpus;
import dev.mixlaw.mix.analysis.NearCopies;
import dev.mixlaw.mix.analysis.TermCounts;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.corpus.Corpora;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/**
 * Every corpus measured, and every domain held against every corpus, union and mixture.
 *
 * @param corpora figures of each corpus
 * @param texts names of corpora, unions and mixtures, in this order
 * @param domains their names
 * @param pairs a training text's fit to a domain, all of them
 * @param copies documents of each corpus with a near copy in each
 * @param contamination documents of each domain that stand in each corpus
 */
public record CorpusComparison(
    List<CorpusStatistics> corpora,
    List<Text> texts,
    List<String> domains,
    List<Pair> pairs,
    List<NearCopies.Share> copies,
    List<Contamination.Overlap> contamination) {
  /** Share of synthetic text in the mixtures that are looked at. */
  private static final double SYNTHETIC_SHARE = 0.33;

  public CorpusComparison {
    corpora = List.copyOf(corpora);
    texts = List.copyOf(texts);
    domains = List.copyOf(domains);
    pairs = List.copyOf(pairs);
    copies = List.copyOf(copies);
    contamination = List.copyOf(contamination);
  }

  /**
   * A corpus, union or mixture.
   *
   * @param kind {@code corpus}, {@code union} or {@code mixture}
   */
  public record Text(String name, String kind) {}

  /** A training text and a domain. */
  public record Pair(Text text, String domain, DomainFit fit) {}

  /**
   * Measures.
   *
   * @param executor measures several corpora at a time
   */
  public static CorpusComparison of(
      ComparedCorpora found, Language language, CountSettings settings, ExecutorService executor) {
    try (Words words = Words.of(language);
        Measured measured = new Measured()) {
      CorpusMeter meter = new CorpusMeter(words, settings);
      all(found.corpora(), corpus -> measured.add(corpus, meter.measure(corpus)), executor);
      all(found.domains(), domain -> measured.add(domain, meter.count(domain)), executor);
      List<TrainingText> texts = texts(found.corpora(), measured);
      List<Pair> pairs = new ArrayList<>();
      for (TrainingText text : texts) {
        Text named = new Text(text.name(), text.kind().word());
        for (Corpus domain : found.domains()) {
          pairs.add(
              new Pair(
                  named,
                  domain.name(),
                  DomainFit.of(measured.domain(domain), text.words(), CorpusMeter.SAMPLE_WORDS)));
        }
      }
      return new CorpusComparison(
          found.corpora().stream().map(c -> measured.corpus(c).statistics()).toList(),
          texts.stream().map(t -> new Text(t.name(), t.kind().word())).toList(),
          found.domains().stream().map(Corpus::name).toList(),
          pairs,
          NearCopies.find(found.corpora()).shares(),
          contamination(found));
    }
  }

  private static List<Contamination.Overlap> contamination(ComparedCorpora found) {
    Contamination contamination = new Contamination();
    found.domains().forEach(d -> contamination.addDomain(d.name(), () -> Corpora.open(d)));
    List<Contamination.Overlap> overlaps = new ArrayList<>();
    for (Corpus corpus : found.corpora()) {
      overlaps.addAll(contamination.check(corpus.name(), () -> Corpora.open(corpus)));
    }
    return overlaps;
  }

  /** Runs them all, and waits for all, also when one fails. */
  private static void all(
      List<Corpus> texts, java.util.function.Consumer<Corpus> use, ExecutorService executor) {
    List<CompletableFuture<Void>> running =
        texts.stream()
            .map(text -> CompletableFuture.runAsync(() -> use.accept(text), executor))
            .toList();
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static List<TrainingText> texts(List<Corpus> corpora, Measured measured) {
    List<TrainingText> texts = new ArrayList<>();
    for (Corpus corpus : corpora) {
      texts.add(
          new TrainingText(
              corpus.name(),
              TrainingText.Kind.CORPUS,
              Distribution.of(measured.corpus(corpus).unigrams())));
    }
    List<Corpus> natural = corpora.stream().filter(c -> !c.kind().synthetic()).toList();
    List<Corpus> synthetic = corpora.stream().filter(c -> c.kind().synthetic()).toList();
    union("all natural", natural, measured, texts);
    union("all synthetic", synthetic, measured, texts);
    if (!natural.isEmpty() && !synthetic.isEmpty()) {
      union("everything", corpora, measured, texts);
      for (Corpus added : synthetic) {
        texts.add(mixture(natural, added, measured));
      }
    }
    return texts;
  }

  private static void union(
      String name, List<Corpus> parts, Measured measured, List<TrainingText> texts) {
    if (parts.size() > 1) {
      texts.add(
          new TrainingText(
              name,
              TrainingText.Kind.UNION,
              Distribution.union(parts.stream().map(c -> measured.corpus(c).unigrams()).toList())));
    }
  }

  /** A third of a synthetic corpus, the rest all natural text by its sizes. */
  private static TrainingText mixture(List<Corpus> natural, Corpus added, Measured measured) {
    double words = natural.stream().mapToLong(c -> measured.corpus(c).unigrams().total()).sum();
    Map<TermCounts, Double> shares = new LinkedHashMap<>();
    for (Corpus corpus : natural) {
      TermCounts counts = measured.corpus(corpus).unigrams();
      shares.put(counts, (1 - SYNTHETIC_SHARE) * counts.total() / words);
    }
    shares.put(measured.corpus(added).unigrams(), SYNTHETIC_SHARE);
    String name = Mixture.grid(natural.get(0), added, SYNTHETIC_SHARE).get(0).name();
    return new TrainingText(name, TrainingText.Kind.MIXTURE, Distribution.mixture(shares));
  }

  /** Counts that are closed together, whatever happens. */
  private static final class Measured implements AutoCloseable {
    private final Map<Corpus, MeasuredCorpus> corpora = new LinkedHashMap<>();
    private final Map<Corpus, TermCounts> domains = new LinkedHashMap<>();

    synchronized void add(Corpus corpus, MeasuredCorpus measured) {
      corpora.put(corpus, measured);
    }

    synchronized void add(Corpus domain, TermCounts counts) {
      domains.put(domain, counts);
    }

    synchronized MeasuredCorpus corpus(Corpus corpus) {
      return java.util.Objects.requireNonNull(corpora.get(corpus));
    }

    synchronized TermCounts domain(Corpus domain) {
      return java.util.Objects.requireNonNull(domains.get(domain));
    }

    @Override
    public synchronized void close() {
      corpora.values().forEach(MeasuredCorpus::close);
      domains.values().forEach(TermCounts::close);
    }
  }
}
