package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.eval.analysis.StudySimulation.Tally;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that statements about simulated studies are correct as often as they claim. {@code
 * BENCHMARKS.md} has all results.
 */
class StudySimulationTest {
  /**
   * If each interval is judged alone, four in ten studies of twenty mixtures without any difference
   * have a "significant" one.
   */
  @Test
  void nullStudiesSeldomHaveADiscovery() {
    Tally t = StudySimulation.repeat(60, r -> StudySimulation.nothing(r, 3));

    assertThat(t.mean("any discovery")).isLessThan(0.15);
    assertThat(t.mean("any interval without 0")).isGreaterThan(0.2);
    assertThat(t.mean("best held")).isGreaterThan(0.88);
    assertThat(t.mean("best held by its own interval")).isLessThan(0.9);
  }

  /**
   * Intervals that ignore seed noise and use only the variation over questions contained the true
   * difference about half as often as they claimed.
   */
  @Test
  void multipleChoiceHasTheNoiseOfSeeds() {
    Tally t = StudySimulation.repeat(60, r -> StudySimulation.choices(r, 3));

    assertThat(t.mean("held")).isBetween(0.88, 1.0);
    assertThat(t.mean("held by questions alone")).isLessThan(0.7);
  }

  @Test
  void intervalsOfDecisionAccuracyContainThatOfThePopulation() {
    assertThat(StudySimulation.repeat(60, r -> StudySimulation.decisions(r, 2, 6)).mean("held"))
        .isGreaterThan(0.88);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  @Tag("long")
  void statementsAreTrueAsOftenAsTheyClaim(int seeds) {
    int repetitions = 500;
    Tally all =
        StudySimulation.repeat(repetitions, r -> StudySimulation.differences(r, seeds, false));
    assertThat(all.mean("held")).isBetween(0.94, 0.985);
    assertThat(all.mean("width")).isLessThan(seeds == 5 ? 1.25 : 1.5);
    Tally nothing = StudySimulation.repeat(repetitions, r -> StudySimulation.nothing(r, seeds));
    assertThat(nothing.mean("any discovery")).isLessThan(0.07);
    assertThat(nothing.mean("best held")).isGreaterThan(0.93);
    Tally power = StudySimulation.repeat(repetitions, r -> StudySimulation.power(r, seeds));
    assertThat(power.mean("power")).isBetween(0.7, 0.88);
    assertThat(power.mean("false equivalence")).isLessThan(0.07);
    Tally choices = StudySimulation.repeat(repetitions, r -> StudySimulation.choices(r, seeds));
    assertThat(choices.mean("held")).isBetween(0.93, 0.985);
    Tally kinds = StudySimulation.repeat(repetitions, r -> StudySimulation.kinds(r, seeds, 6));
    assertThat(kinds.mean("range held")).isGreaterThan(0.92);
    assertThat(kinds.mean("interval held")).isGreaterThan(0.92);
    for (int mixtures : new int[] {3, 6, 12}) {
      assertThat(
              StudySimulation.repeat(
                      repetitions, r -> StudySimulation.decisions(r, seeds, mixtures))
                  .mean("held"))
          .isGreaterThan(0.93);
    }
  }
}
