package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.mix.analysis.Contamination;
import dev.mixlaw.mix.analysis.CorpusMeter;
import dev.mixlaw.mix.analysis.CorpusStatistics;
import dev.mixlaw.mix.analysis.CountSettings;
import dev.mixlaw.mix.analysis.DomainFit;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.NearCopies;
import dev.mixlaw.mix.analysis.TextLanguage;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.corpus.Corpora;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Statistics of every corpus, and the fit of every corpus, union and mixture to every domain.
 *
 * @param corpora figures of each corpus
 * @param texts names of corpora, unions and mixtures, in this order
 * @param asked names of the mixtures that the user described
 * @param domains names of the domains
 * @param pairs the fit of each training text to each domain
 * @param copies documents of each corpus with a near copy in each
 * @param contamination documents of each domain that each corpus contains
 * @param language language of the word splitter
 * @param warnings on texts in another or an unknown language
 */
public record CorpusComparison(
    List<CorpusStatistics> corpora,
    List<Text> texts,
    List<String> asked,
    List<String> domains,
    List<Pair> pairs,
    List<NearCopies.Share> copies,
    List<Contamination.Overlap> contamination,
    Language language,
    List<String> warnings) {
  public CorpusComparison {
    corpora = List.copyOf(corpora);
    texts = List.copyOf(texts);
    asked = List.copyOf(asked);
    domains = List.copyOf(domains);
    pairs = List.copyOf(pairs);
    copies = List.copyOf(copies);
    contamination = List.copyOf(contamination);
    warnings = List.copyOf(warnings);
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
   * Measures all texts and compares them.
   *
   * @param given mixtures that the user described
   * @param asked language of the word splitter; empty for the language of most texts
   * @param executor measures several corpora at a time
   * @throws dev.mixlaw.api.MixlawException if a mixture names an unknown corpus, or a text cannot
   *     be read or has no words
   */
  public static CorpusComparison of(
      ComparedCorpora found,
      List<GivenMixture> given,
      Optional<Language> asked,
      CountSettings settings,
      ExecutorService executor) {
    TrainingTexts.check(found.corpora(), given);
    List<TextLanguage> ofCorpora = all(found.corpora(), CorpusComparison::language, executor);
    List<TextLanguage> ofDomains = all(found.domains(), CorpusComparison::language, executor);
    Language language =
        asked.orElseGet(
            () ->
                TextLanguage.commonest(
                    Stream.concat(ofCorpora.stream(), ofDomains.stream()).toList()));
    try (Words words = Words.of(language);
        MeasuredTexts measured = new MeasuredTexts()) {
      CorpusMeter meter = new CorpusMeter(words, settings);
      all(found.corpora(), corpus -> measured.add(corpus, meter.measure(corpus)), executor);
      all(found.domains(), domain -> measured.add(domain, meter.count(domain)), executor);
      List<TrainingText> texts = TrainingTexts.of(found.corpora(), given, measured);
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
          given.stream().map(GivenMixture::name).toList(),
          found.domains().stream().map(Corpus::name).toList(),
          pairs,
          NearCopies.find(found.corpora()).shares(),
          contamination(found),
          language,
          TextLanguage.warnings(ofCorpora, ofDomains, language));
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

  private static TextLanguage language(Corpus text) {
    return TextLanguage.of(text.name(), () -> Corpora.open(text));
  }

  /** Applies a function to all texts and waits for all, also when one fails. */
  private static <R> List<R> all(
      List<Corpus> texts, Function<Corpus, R> use, ExecutorService executor) {
    List<CompletableFuture<R>> running =
        texts.stream()
            .map(text -> CompletableFuture.supplyAsync(() -> use.apply(text), executor))
            .toList();
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)).join();
      return running.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
