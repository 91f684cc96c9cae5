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
 * Every corpus measured, and every domain held against every corpus, union and mixture.
 *
 * @param corpora figures of each corpus
 * @param texts names of corpora, unions and mixtures, in this order
 * @param asked names of the mixtures among them that were asked for
 * @param domains their names
 * @param pairs a training text's fit to a domain, all of them
 * @param copies documents of each corpus with a near copy in each
 * @param contamination documents of each domain that stand in each corpus
 * @param language by whose rules words were cut
 * @param warnings of texts in other languages or in none that is known
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
   * Measures.
   *
   * @param given mixtures beside those that are looked at unasked
   * @param asked language by whose rules words are cut; that of most texts if empty
   * @param executor measures several corpora at a time
   * @throws dev.mixlaw.api.MixlawException if a given mixture has no such corpora, or a text cannot
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

  /** Does it with all of them, and waits for all, also when one fails. */
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
