package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that 95 % intervals of findings contain the true value in about 95 % of cases, however the
 * seed noise depends on the budget. {@link FindingsCoverageBenchmark} prints the percentages.
 */
class FindingsCoverageTest {
  static List<FindingsCoverage> all() {
    return FindingsCoverage.all();
  }

  /**
   * The noise falls by a factor of 20 from the smallest to the largest budget, as in one real
   * study: 0.12 nats at 80k tokens and 0.006 nats at 480k tokens.
   */
  @Test
  void differencesAreCoveredAtEveryBudgetWhereTheNoiseFallsTwentyfold() {
    FindingsCoverage.Result r = FindingsCoverage.power(-1.67, 0, 0.8).simulate(40, false);

    for (int i = 0; i < FindingsCoverage.BUDGETS.length; i++) {
      assertThat(r.differences()[i].value()).isGreaterThan(0.88);
      // width as a multiple of the width with known noise; if a single standard deviation were
      // estimated for all budgets, it would be 10 at the largest budget
      assertThat(r.widths()[i] / r.differences()[i].cases).isLessThan(3);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("long")
  void intervalsContainTheTrueValueAtEveryBudget(FindingsCoverage coverage) {
    FindingsCoverage.Result r = coverage.simulate(200, false);
    FindingsCoverage.Result laws = coverage.simulate(10, true);

    for (int i = 0; i < FindingsCoverage.BUDGETS.length; i++) {
      assertThat(r.differences()[i].value()).isGreaterThan(0.88);
      assertThat(r.bestShares()[i].value()).isGreaterThan(0.9);
    }
    assertThat(laws.fitted().value()).isGreaterThan(0.85);
    assertThat(laws.floors().value()).isGreaterThan(0.85);
    assertThat(laws.predictions().value()).isGreaterThan(0.85);
  }

  static List<ShareLawCoverage> shareLaws() {
    return ShareLawCoverage.all();
  }

  /**
   * Eight seeds estimate the noise well. Three seeds, or the residuals of a law if there is one
   * seed, have few degrees of freedom, so wider intervals are accepted. Four shares are only enough
   * for a parabola, so no case combines four shares with a kink.
   */
  @ParameterizedTest
  @MethodSource("shareLaws")
  @Tag("long")
  void bestSharesByALawLieInTheirIntervals(ShareLawCoverage coverage) {
    ShareLawCoverage.Result r = coverage.simulate(60);

    assertThat(r.interval()).isGreaterThan(0.92);
    assertThat(r.asGood()).isGreaterThan(0.95);
    assertThat(r.width()).isLessThan(coverage.seeds() == 8 ? 2.5 : coverage.seeds() == 3 ? 3 : 14);
    assertThat(r.refused()).isLessThan(9);
  }
}
