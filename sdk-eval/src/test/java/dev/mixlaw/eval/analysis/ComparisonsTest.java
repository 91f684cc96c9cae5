package dev.mixlaw.eval.analysis;

import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Question;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static SyntheticRuns study() {
    SyntheticRuns s = new SyntheticRuns();
    s.budgets = new long[] {1_000_000, 2_000_000};
    s.seedSpread = 0.01;
    for (String m : List.of("web", "a", "b", "c")) {
      double difference = m.equals("a") ? -0.03 : 0;
      s.mixture(m, Map.of(m, 1.0), (n, d) -> 3 + difference);
      s.seeds.put(m, 3);
    }
    return s;
  }

  private static Findings analyze(SyntheticRuns s) {
    return new StudyAnalyst().analyze(s.provenance(), s.runs());
  }

  @Test
  void primaryQuestionsAreCorrectedTogetherAndApartFromTheRest() {
    SyntheticRuns s = study();
    s.questions =
        List.of(
            Question.compare("a"),
            Question.compare("b").with("c").at("1M", tokens("1M")).on("code"));

    Findings found = analyze(s);

    assertThat(found.primary())
        .extracting(c -> List.of(c.mixture(), c.baseline(), c.model(), c.domain()))
        .containsExactly(
            List.of("a", "web", "3M", FittedLaw.MACRO), List.of("b", "c", "1M", "code"));
    Comparison a = found.primary().get(0);
    assertThat(a.budget()).isEqualTo(tokens("2M"));
    // The study asks two questions, so the smaller p-value is doubled. There are more exploratory
    // comparisons, so they are adjusted by more.
    assertThat(a.adjustedPValue()).isCloseTo(2 * a.pValue(), within(1e-12));
    Comparison exploratory =
        found.comparisons().stream()
            .filter(c -> c.mixture().equals("a") && c.model().equals("3M"))
            .filter(c -> c.budget().equals(a.budget()) && c.domain().equals(FittedLaw.MACRO))
            .findFirst()
            .orElseThrow();
    assertThat(exploratory.pValue()).isEqualTo(a.pValue());
    assertThat(exploratory.adjustedPValue()).isGreaterThan(a.adjustedPValue());
  }

  @Test
  void aQuestionWithoutRunsIsRefused() {
    SyntheticRuns s = study();
    s.questions = List.of(Question.compare("a").on("poems"));

    Findings found = analyze(s);

    assertThat(found.primary()).isEmpty();
    assertThat(found.refusals()).anyMatch(r -> r.question().startsWith("primary question: a"));
  }

  @Test
  void anyTwoMixturesCanBeCompared() {
    Findings found = analyze(study());

    for (Comparison c : found.comparisons()) {
      assertThat(found.compare(Question.of(c))).isEqualTo(Answer.known(c));
    }
    Comparison b = found.compare(codeAt("b", "c", "1M")).orElseThrow();
    Comparison back = found.compare(codeAt("c", "b", "1M")).orElseThrow();
    assertThat(b.difference().value()).isEqualTo(-back.difference().value());
    assertThat(b.pValue()).isEqualTo(back.pValue()).isEqualTo(b.adjustedPValue());
    Comparison largest = found.compare(Question.compare("b").with("c").on("code")).orElseThrow();
    assertThat(largest.model() + " " + largest.budget()).isEqualTo("3M 2M");
    assertThat(found.compare(codeAt("b", "c", "9M")).toRefusal().orElseThrow().reason())
        .contains("no completed run at this model size");
    assertThatThrownBy(() -> found.compare(Question.compare("b").with("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mixture none: not in the study");
    assertThatThrownBy(() -> found.compare(Question.compare("b").with("c").on("poems")))
        .hasMessageContaining("domain poems: not in the study");
  }

  private static Question codeAt(String mixture, String other, String model) {
    return Question.compare(mixture).with(other).at(model, tokens("1M")).on("code");
  }

  @Test
  void saysWhatAComparisonDetectsAndIsEquivalentWithin() {
    Comparison b =
        analyze(study()).comparisons().stream()
            .filter(c -> c.mixture().equals("b") && c.domain().equals(FittedLaw.MACRO))
            .findFirst()
            .orElseThrow();

    // the standard error of a difference between means of three seeds is about 0.008
    assertThat(b.detectable()).isBetween(0.01, 0.06);
    assertThat(b.equivalentWithin(0.05)).isTrue();
    assertThat(b.equivalentWithin(0.001)).isFalse();
    assertThat(b.significant()).isFalse();
  }

  @Test
  void withoutASecondSeedNothingIsSignificant() {
    SyntheticRuns s = study();
    s.seeds.clear();

    assertThat(analyze(s).comparisons())
        .isNotEmpty()
        .noneMatch(Comparison::significant)
        .allMatch(c -> c.degreesOfFreedom() == 0 && !c.equivalentWithin(100));
  }
}
