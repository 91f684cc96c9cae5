package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Collapse.Outcome;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TokenCollapseTest {
  private static final DoubleUnaryOperator NATURAL = d -> 2.5 + 300 * Math.pow(d, -0.4);

  private static Answer<LawFit> fit(DoubleUnaryOperator law, double noise, int points, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] tokens = new double[points];
    double[] losses = new double[points];
    for (int i = 0; i < points; i++) {
      tokens[i] = 1e5 * Math.pow(2, i);
      losses[i] = law.applyAsDouble(tokens[i]) * Math.exp(noise * random.nextGaussian());
    }
    return LawFitter.of(LawForms.DATA).fit(Observations.overTokens(tokens, losses));
  }

  @Test
  void aFloorAboveTheNaturalOneIsCollapseFromTheFirstPointThatShowsIt() {
    // given a mixture that learns as fast as natural text, but always has a loss that is 0.4 nats
    // higher
    Answer<LawFit> natural = fit(NATURAL, 0.0005, 9, 1);
    Answer<LawFit> mixture = fit(d -> NATURAL.applyAsDouble(d) + 0.4, 0.0005, 9, 2);

    // when
    CollapseVerdict verdict = TokenCollapse.judge(natural, mixture, true);

    // then
    assertThat(verdict.outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(verdict.reason()).contains("E of the mixture minus E of the baseline is 0.");
    assertThat(verdict.firstViolation().orElseThrow()).startsWith("D=");
    assertThat(verdict.on("b", "web", "1M").toString())
        .startsWith("b against web at 1M: collapse: ")
        .contains("; first at D=");
  }

  @Test
  void aCurveThatTurnsFlatIsCollapseByItsLargestBudget() {
    // given a mixture that follows the law of natural text until its loss stays at 3.2 nats; the E
    // of the mixture's own fit is too uncertain to show this
    Answer<LawFit> natural = fit(NATURAL, 0.0005, 9, 3);
    Answer<LawFit> mixture = fit(d -> Math.max(3.2, NATURAL.applyAsDouble(d)), 0.0005, 9, 4);

    CollapseVerdict verdict = TokenCollapse.judge(natural, mixture, true);

    assertThat(verdict.outcome()).isEqualTo(Outcome.COLLAPSE);
  }

  @Test
  void aMixtureWithTheNaturalFloorDoesNotCollapse() {
    // given a mixture that learns more slowly and has the same lowest possible loss (E) as natural
    // text
    Answer<LawFit> natural = fit(NATURAL, 0.0002, 9, 5);
    Answer<LawFit> mixture = fit(d -> 2.5 + 400 * Math.pow(d, -0.4), 0.0002, 9, 6);

    CollapseVerdict verdict = TokenCollapse.judge(natural, mixture, true);

    assertThat(verdict.outcome()).isEqualTo(Outcome.NO_COLLAPSE);
    assertThat(verdict.firstViolation()).isEmpty();
  }

  @Test
  void noiseThatHidesTheFloorIsNotDecidable() {
    Answer<LawFit> natural = fit(NATURAL, 0.02, 5, 7);
    Answer<LawFit> mixture = fit(d -> NATURAL.applyAsDouble(d) + 0.05, 0.02, 5, 8);

    assertThat(TokenCollapse.judge(natural, mixture, true).outcome())
        .isEqualTo(Outcome.NOT_DECIDABLE);
  }

  @Test
  void aRefusedLawIsNotDecidableAndSaysWhy() {
    Answer<LawFit> natural = fit(NATURAL, 0.001, 9, 9);
    Answer<LawFit> refused = fit(NATURAL, 0.001, 3, 9);

    CollapseVerdict verdict = TokenCollapse.judge(natural, refused, true);

    assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(verdict.reason()).contains("3 distinct D");
  }

  @Test
  void aLawAtAParameterBoundGivesNoVerdict() {
    // given losses of natural text that fall as if E were 0, as happens with small budgets, in
    // which much of the training is warm-up, and a mixture whose E is positive
    Answer<LawFit> natural = fit(d -> 40 * Math.pow(d, -0.2) - 1, 0.0005, 9, 20);
    Answer<LawFit> mixture = fit(NATURAL, 0.0005, 9, 21);
    assertThat(natural.orElseThrow().status()).isEqualTo(FittedLaw.Status.AT_BOUND);

    // then the values of E are not compared, whichever of the two is the baseline
    CollapseVerdict above = TokenCollapse.judge(natural, mixture, true);
    CollapseVerdict below = TokenCollapse.judge(mixture, natural, true);
    assertThat(above.outcome()).isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(above.reason())
        .startsWith("the fit of the baseline's law stopped at a parameter bound");
    assertThat(below.outcome()).isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(below.reason())
        .startsWith("the fit of the mixture's law stopped at a parameter bound (E 0");
  }

  @Test
  void healthyMixturesAreSeldomCalledCollapsed() {
    int collapses = 0;
    for (int i = 0; i < 40; i++) {
      Answer<LawFit> natural = fit(NATURAL, 0.003, 7, 100 + i);
      Answer<LawFit> mixture = fit(NATURAL, 0.003, 7, 200 + i);
      if (TokenCollapse.judge(natural, mixture, true).outcome() == Outcome.COLLAPSE) {
        collapses++;
      }
    }
    assertThat(collapses).isLessThanOrEqualTo(6);
  }

  @Test
  void otherLawsAreAnError() {
    double[] n = {1e6, 2e6, 4e6, 8e6, 16e6};
    double[] losses = {4, 3.7, 3.5, 3.35, 3.25};
    Answer<LawFit> model = LawFitter.of(LawForms.MODEL).fit(Observations.overParams(n, losses));

    assertThatThrownBy(() -> TokenCollapse.judge(model, model, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("L(N)");
  }
}
