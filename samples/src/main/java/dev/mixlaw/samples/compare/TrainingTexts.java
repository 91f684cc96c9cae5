package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.analysis.Distribution;
import dev.mixlaw.mix.analysis.TermCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The training texts that are compared with domains: every corpus, the unions of natural, synthetic
 * and all text, natural text with a third of each synthetic corpus, and the user's mixtures.
 */
final class TrainingTexts {
  private static final String NATURAL = "all natural";
  private static final String SYNTHETIC = "all synthetic";
  private static final String ALL = "everything";

  /** Share of synthetic text in the default mixtures. */
  private static final double SYNTHETIC_SHARE = 0.33;

  private final MeasuredTexts measured;
  private final List<TrainingText> texts = new ArrayList<>();

  private TrainingTexts(MeasuredTexts measured) {
    this.measured = measured;
  }

  /**
   * Checks the user's mixtures before anything is measured.
   *
   * @throws MixlawException with all problems
   */
  static void check(List<Corpus> corpora, List<GivenMixture> given) {
    List<String> names = corpora.stream().map(Corpus::name).toList();
    Set<String> taken = new TreeSet<>(names);
    taken.addAll(List.of(NATURAL, SYNTHETIC, ALL));
    List<Corpus> natural = corpora.stream().filter(c -> !c.kind().synthetic()).toList();
    if (!natural.isEmpty()) {
      corpora.stream().filter(c -> c.kind().synthetic()).forEach(c -> taken.add(third(natural, c)));
    }
    List<Problem> problems = new ArrayList<>();
    given.forEach(mixture -> mixture.check(names, taken, problems));
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  /** Returns all training texts: corpora, then unions, then mixtures. */
  static List<TrainingText> of(
      List<Corpus> corpora, List<GivenMixture> given, MeasuredTexts measured) {
    TrainingTexts all = new TrainingTexts(measured);
    corpora.forEach(all::corpus);
    List<Corpus> natural = corpora.stream().filter(c -> !c.kind().synthetic()).toList();
    List<Corpus> synthetic = corpora.stream().filter(c -> c.kind().synthetic()).toList();
    all.union(NATURAL, natural);
    all.union(SYNTHETIC, synthetic);
    if (!natural.isEmpty() && !synthetic.isEmpty()) {
      all.union(ALL, corpora);
      synthetic.forEach(added -> all.withThird(natural, added));
    }
    given.forEach(mixture -> all.given(mixture, corpora));
    return List.copyOf(all.texts);
  }

  private void corpus(Corpus corpus) {
    texts.add(
        new TrainingText(
            corpus.name(), TrainingText.Kind.CORPUS, Distribution.of(measured.words(corpus))));
  }

  private void union(String name, List<Corpus> parts) {
    if (parts.size() > 1) {
      texts.add(
          new TrainingText(
              name,
              TrainingText.Kind.UNION,
              Distribution.union(parts.stream().map(measured::words).toList())));
    }
  }

  private static String third(List<Corpus> natural, Corpus added) {
    return Mixture.grid(natural.get(0), added, SYNTHETIC_SHARE).get(0).name();
  }

  /** Adds a mixture of a third of a synthetic corpus and natural text in proportion to its size. */
  private void withThird(List<Corpus> natural, Corpus added) {
    double words = natural.stream().mapToLong(c -> measured.words(c).total()).sum();
    Map<TermCounts, Double> shares = new LinkedHashMap<>();
    for (Corpus corpus : natural) {
      TermCounts counts = measured.words(corpus);
      shares.put(counts, (1 - SYNTHETIC_SHARE) * counts.total() / words);
    }
    shares.put(measured.words(added), SYNTHETIC_SHARE);
    mixture(third(natural, added), shares);
  }

  private void given(GivenMixture mixture, List<Corpus> corpora) {
    Map<TermCounts, Double> shares = new LinkedHashMap<>();
    for (Corpus corpus : corpora) {
      Double share = mixture.shares().get(corpus.name());
      if (share != null) {
        shares.put(measured.words(corpus), share);
      }
    }
    mixture(mixture.name(), shares);
  }

  private void mixture(String name, Map<TermCounts, Double> shares) {
    texts.add(new TrainingText(name, TrainingText.Kind.MIXTURE, Distribution.mixture(shares)));
  }
}
