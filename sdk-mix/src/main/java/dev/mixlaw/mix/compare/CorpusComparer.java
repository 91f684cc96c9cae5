package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.mix.analysis.Distribution;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.TermCounts;
import dev.mixlaw.mix.analysis.TextLanguage;
import dev.mixlaw.mix.analysis.WordDistance;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.corpus.Corpora;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Measures corpora, and compares corpora, unions of corpora and mixtures with domains. */
final class CorpusComparer {
  private static final String NATURAL = "all natural";
  private static final String SYNTHETIC = "all synthetic";
  private static final String ALL = "everything";

  private static final double SYNTHETIC_SHARE = 0.33;

  private final List<Corpus> corpora;
  private final List<Corpus> domains;
  private final List<Corpus> natural;
  private final List<Corpus> synthetic;
  private final Map<Corpus, TermCounts> words = new LinkedHashMap<>();
  private final List<CorpusComparison.Text> texts = new ArrayList<>();

  CorpusComparer(List<Corpus> corpora, List<Corpus> domains) {
    this.corpora = List.copyOf(corpora);
    this.domains = List.copyOf(domains);
    this.natural = corpora.stream().filter(c -> !c.kind().synthetic()).toList();
    this.synthetic = corpora.stream().filter(c -> c.kind().synthetic()).toList();
  }

  /** Compares all texts. This method may be called only once. */
  CorpusComparison compare(
      Map<String, Map<String, Double>> mixtures, Optional<String> code, int threads) {
    check(mixtures);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<TextLanguage> ofCorpora = all(corpora, CorpusComparer::language, executor);
      List<TextLanguage> ofDomains = all(domains, CorpusComparer::language, executor);
      Language language =
          code.map(CorpusComparer::language)
              .orElseGet(
                  () ->
                      TextLanguage.commonest(
                          Stream.concat(ofCorpora.stream(), ofDomains.stream()).toList()));
      try (Words splitter = Words.of(language);
          CorpusMeter meter = new CorpusMeter(splitter)) {
        List<CorpusMeter.Measured> measured = all(corpora, meter::measure, executor);
        for (int i = 0; i < corpora.size(); i++) {
          words.put(corpora.get(i), measured.get(i).counts());
        }
        compare(mixtures, all(domains, meter::count, executor));
        return new CorpusComparison(
            language.code(),
            TextLanguage.warnings(ofCorpora, ofDomains, language),
            domains.stream().map(Corpus::name).toList(),
            measured.stream().map(CorpusMeter.Measured::statistics).toList(),
            texts,
            NearCopies.of(corpora).counts(),
            CorpusComparison.overlaps(corpora, domains));
      }
    } finally {
      executor.shutdown();
    }
  }

  private void check(Map<String, Map<String, Double>> mixtures) {
    List<String> names = corpora.stream().map(Corpus::name).toList();
    Set<String> taken = new TreeSet<>(names);
    taken.addAll(List.of(NATURAL, SYNTHETIC, ALL));
    if (!natural.isEmpty()) {
      synthetic.forEach(added -> taken.add(third(added)));
    }
    List<Problem> problems = new ArrayList<>();
    mixtures.forEach(
        (mixture, shares) -> {
          String subject = "mixture " + mixture;
          for (String corpus : shares.keySet()) {
            if (!names.contains(corpus)) {
              problems.add(
                  new Problem(
                      subject,
                      "unknown corpus " + corpus,
                      "one of " + names,
                      "change the shares of the mixture"));
            }
          }
          if (taken.contains(mixture)) {
            problems.add(
                new Problem(
                    subject,
                    "another text has this name",
                    "a name that is not in " + taken,
                    "rename the mixture"));
          }
        });
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, problems);
  }

  private void compare(Map<String, Map<String, Double>> mixtures, List<TermCounts> inDomains) {
    corpora.forEach(c -> add(c.name(), "corpus", Distribution.of(words.get(c)), inDomains));
    addUnion(NATURAL, natural, inDomains);
    addUnion(SYNTHETIC, synthetic, inDomains);
    if (!natural.isEmpty() && !synthetic.isEmpty()) {
      addUnion(ALL, corpora, inDomains);
      synthetic.forEach(added -> addMixture(third(added), withThird(added), inDomains));
    }
    mixtures.forEach(
        (mixture, shares) -> {
          Map<TermCounts, Double> ordered = new LinkedHashMap<>();
          corpora.stream()
              .filter(c -> shares.containsKey(c.name()))
              .forEach(c -> ordered.put(words.get(c), shares.get(c.name())));
          addMixture(mixture, ordered, inDomains);
        });
  }

  private void add(String name, String kind, Distribution text, List<TermCounts> inDomains) {
    List<WordComparison.Fit> fits = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      String domain = domains.get(i).name();
      fits.add(
          WordDistance.of(name, text, domain, inDomains.get(i), CorpusComparison.SAMPLE_WORDS));
    }
    texts.add(new CorpusComparison.Text(name, kind, fits));
  }

  private void addUnion(String name, List<Corpus> parts, List<TermCounts> inDomains) {
    if (parts.size() > 1) {
      add(name, "union", Distribution.union(parts.stream().map(words::get).toList()), inDomains);
    }
  }

  private void addMixture(String name, Map<TermCounts, Double> shares, List<TermCounts> inDomains) {
    add(name, "mixture", Distribution.mixture(shares), inDomains);
  }

  private String third(Corpus added) {
    return Mixture.grid(natural.get(0), added, SYNTHETIC_SHARE).get(0).name();
  }

  /**
   * Returns the shares of a mixture of one third of a synthetic corpus with two thirds of natural
   * text. The natural corpora share their part in proportion to their sizes.
   */
  private Map<TermCounts, Double> withThird(Corpus added) {
    double all = natural.stream().mapToLong(c -> words.get(c).total()).sum();
    Map<TermCounts, Double> shares = new LinkedHashMap<>();
    for (Corpus corpus : natural) {
      TermCounts counts = words.get(corpus);
      shares.put(counts, (1 - SYNTHETIC_SHARE) * counts.total() / all);
    }
    shares.put(words.get(added), SYNTHETIC_SHARE);
    return shares;
  }

  private static TextLanguage language(Corpus text) {
    return TextLanguage.of(text.name(), Corpora.source(text));
  }

  private static Language language(String code) {
    return Language.ofCode(code)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "language: " + code + "; expected one of " + CorpusComparison.languages()));
  }

  /** Applies a function to each text, and waits for all results even if one call fails. */
  private static <R> List<R> all(
      List<Corpus> texts, Function<Corpus, R> use, ExecutorService executor) {
    return Threads.all(
        texts.stream().map(text -> (Supplier<R>) () -> use.apply(text)).toList(), executor);
  }
}
