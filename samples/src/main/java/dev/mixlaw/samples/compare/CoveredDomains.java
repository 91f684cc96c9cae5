package dev.mixlaw.samples.compare;

import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.mix.compare.CorpusComparison;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The domains that each text covers. A text covers a domain if it contains a sufficient fraction of
 * the running words of the domain. The default is 95 %, the fraction that readers must know to
 * understand a text (Laufer 1989). The shares of a mixture have no effect.
 *
 * @param least smallest fraction of the running words of a domain that a text must contain
 * @param texts corpora, unions and mixtures, in this order
 */
public record CoveredDomains(double least, List<OfText> texts, int domains) {
  /** Default of {@link #least}. */
  public static final double DEFAULT_LEAST = 0.95;

  public CoveredDomains {
    texts = List.copyOf(texts);
  }

  /**
   * The coverage of a text.
   *
   * @param covered number of domains that the text covers
   * @param worst domain with the lowest coverage
   * @param ofWorst fraction of the running words of {@code worst} that the text contains
   */
  public record OfText(CorpusComparison.Text text, long covered, String worst, double ofWorst) {}

  public static CoveredDomains of(CorpusComparison comparison, double least) {
    List<OfText> texts = new ArrayList<>();
    for (CorpusComparison.Text text : comparison.texts()) {
      WordComparison.Fit worst =
          Collections.min(
              text.fits(), Comparator.comparingDouble(WordComparison.Fit::coverageTokens));
      long covered = text.fits().stream().filter(fit -> fit.coverageTokens() >= least).count();
      texts.add(new OfText(text, covered, worst.domain(), worst.coverageTokens()));
    }
    return new CoveredDomains(least, texts, comparison.domains().size());
  }

  public List<OfText> all(String kind) {
    return ofKind(kind).filter(t -> t.covered() == domains).toList();
  }

  private Stream<OfText> ofKind(String kind) {
    return texts.stream().filter(t -> t.text().kind().equals(kind));
  }

  /**
   * Returns sentences that state which corpora, unions and mixtures cover all domains.
   *
   * @param asked names of texts; a sentence about each of them is added
   */
  public List<String> answers(Set<String> asked) {
    List<String> answers = new ArrayList<>();
    for (String kind : List.of("corpus", "union", "mixture")) {
      List<OfText> covering = all(kind);
      if (!covering.isEmpty()) {
        answers.add(
            String.format(
                Locale.ROOT,
                "All %d domains are covered by the %s %s, which contains %.0f %% of the words of each.",
                domains,
                kind,
                String.join(", ", covering.stream().map(t -> t.text().name()).toList()),
                100 * least));
      } else {
        ofKind(kind).reduce(CoveredDomains::better).ifPresent(b -> answers.add(none(kind, b)));
      }
    }
    texts.stream()
        .filter(t -> asked.contains(t.text().name()) && t.covered() < domains)
        .map(
            t ->
                String.format(
                    Locale.ROOT,
                    "%s covers %d of %d domains; it contains %.1f %% of the words of %s.",
                    t.text().name(),
                    t.covered(),
                    domains,
                    100 * t.ofWorst(),
                    t.worst()))
        .forEach(answers::add);
    return answers;
  }

  private static OfText better(OfText a, OfText b) {
    return b.covered() > a.covered() || (b.covered() == a.covered() && b.ofWorst() > a.ofWorst())
        ? b
        : a;
  }

  private String none(String kind, OfText best) {
    return String.format(
        Locale.ROOT,
        "No %s covers all %d domains at %.0f %% of the words: %s covers %d and contains %.1f %% of the words of %s.",
        kind,
        domains,
        100 * least,
        best.text().name(),
        best.covered(),
        100 * best.ofWorst(),
        best.worst());
  }
}
