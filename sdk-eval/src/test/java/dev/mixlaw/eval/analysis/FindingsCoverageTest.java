package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Intervals of findings hold the truth about as often as they say, whatever the noise of seeds does
 * over budgets; {@link FindingsCoverageBenchmark} tells how often.
 */
class FindingsCoverageTest {
  static List<FindingsCoverage> all() {
    return FindingsCoverage.all();
  }

  /** Noise as measured once: .12 nats at 80k tokens, .006 at 480k. */
  @Test
  void differencesAreCoveredAtEveryBudgetWhereTheNoiseFallsTwentyfold() {
    FindingsCoverage.Result r = FindingsCoverage.power(-1.67, 0, 0.8).simulate(40, false);

    for (int i = 0; i < FindingsCoverage.BUDGETS.length; i++) {
      assertThat(r.differences()[i].value()).isGreaterThan(0.88);
      // times the width if the noise were known; with one spread for all budgets, 10 at the largest
      assertThat(r.widths()[i] / r.differences()[i].cases).isLessThan(3);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("long")
  void intervalsHoldTheTruthAtEveryBudget(FindingsCoverage coverage) {
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
   * Eight seeds tell the noise nearly; three, or what a law leaves, have few degrees of freedom.
   * Four shares fit only parabolas, so no row has four shares and a kink.
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
