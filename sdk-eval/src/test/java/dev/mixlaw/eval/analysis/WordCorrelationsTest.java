package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class WordCorrelationsTest {
  private static final List<Double> SHARES = List.of(0.0, 0.25, 0.5, 0.75, 1.0);

  /** Returns runs of five shares, whose loss rises with the share. */
  private static SyntheticRuns runs() {
    SyntheticRuns runs = new SyntheticRuns();
    SHARES.forEach(s -> runs.share(s, (n, d) -> 3 + 0.1 * s + 20 * Math.pow(d, -0.4)));
    return runs;
  }

  private static WordComparison words(SyntheticRuns runs) {
    List<WordComparison.Fit> fits = new ArrayList<>();
    List<String> mixtures = List.copyOf(runs.shares.keySet());
    for (int m = 0; m < mixtures.size(); m++) {
      // on wiki, KL rises with the loss; on code, two neighbouring mixtures are in the wrong order
      fits.add(fit(mixtures.get(m), "wiki", 1 + m));
      fits.add(fit(mixtures.get(m), "code", List.of(1, 3, 2, 4, 5).get(m)));
    }
    return new WordComparison("en", Tokens.tokens("16M"), 64_000_000, fits, List.of());
  }

  private static WordComparison.Fit fit(String mixture, String domain, double kl) {
    return new WordComparison.Fit(mixture, domain, kl, 0.3, 1 / kl, 0.9, -kl, kl * kl);
  }

  private static Findings analyze(SyntheticRuns runs, Predicate<RunResult> kept) {
    return new StudyAnalyst()
        .analyze(
            runs.provenance().withWords(words(runs)), runs.runs().stream().filter(kept).toList());
  }

  private static WordCorrelation of(Findings findings, String measure, String domain) {
    return findings.wordCorrelations().stream()
        .filter(c -> c.measure().equals(measure) && c.domain().equals(domain))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void figuresThatOrderMixturesAsLossesDoHaveOne() {
    Findings findings = analyze(runs(), run -> true);

    assertThat(findings.wordCorrelations()).hasSize(3 * 6);
    WordCorrelation wiki = of(findings, "kl", "wiki");
    assertThat(wiki.rho().orElseThrow().value()).isCloseTo(1, within(1e-12));
    assertThat(wiki.mixtures()).isEqualTo(5);
    assertThat(wiki.model() + " " + wiki.budget()).as("the largest").isEqualTo("3M 16M");
    assertThat(rho(of(findings, "coverage_types", "wiki"))).isCloseTo(-1, within(1e-12));
    assertThat(rho(of(findings, "kl", "code"))).isCloseTo(0.9, within(1e-12));
    assertThat(rho(of(findings, "kl", FittedLaw.MACRO))) // 1, 2.5, 2.5, 4, 5
        .isCloseTo(9.5 / Math.sqrt(9.5 * 10), within(1e-12));
    assertThat(of(findings, "js", "wiki").rho().toString()).contains("the same");
    assertThat(findings.refusals())
        .filteredOn(r -> r.question().contains("rank correlation"))
        .hasSize(1);
  }

  private static double rho(WordCorrelation correlation) {
    Estimate rho = correlation.rho().orElseThrow();
    return rho.value();
  }

  @Test
  void thePlaceIsWhereMostMixturesWereMeasured() {
    // given two mixtures that were not trained with the largest budget of the largest model
    Findings findings =
        analyze(
            runs(),
            run ->
                !(run.key().model().equals("3M")
                    && run.key().budget().count() == 16_000_000
                    && List.of("hq-75", "hq").contains(run.key().mixture())));

    assertThat(of(findings, "kl", "wiki").budget()).isEqualTo(Tokens.tokens("8M"));
    assertThat(of(findings, "kl", "wiki").model()).isEqualTo("3M");
  }

  @Test
  void threeMixturesAreTooFewAndWithoutWordsThereIsNothing() {
    SyntheticRuns few = runs();
    few.shares.keySet().retainAll(List.copyOf(few.shares.keySet()).subList(0, 3));
    few.laws.keySet().retainAll(few.shares.keySet());

    Findings findings = analyze(few, run -> true);

    assertThat(findings.wordCorrelations()).allMatch(c -> c.rho().toOptional().isEmpty());
    assertThat(findings.refusals())
        .filteredOn(r -> r.reason().contains("too few mixtures: 3"))
        .hasSize(1);
    Findings without = new StudyAnalyst().analyze(few.provenance(), few.runs());
    assertThat(without.wordCorrelations()).isEmpty();
    assertThat(without.refusals()).noneMatch(r -> r.question().contains("rank correlation"));
  }
}
