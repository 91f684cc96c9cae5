package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that 95 % intervals contain the true value in about 95 % of cases. {@link
 * CoverageBenchmark} prints the percentages.
 */
class CoverageTest {
  static Stream<Truth> designs() {
    return Stream.of(Truth.data(5), Truth.model(8), Truth.chinchilla());
  }

  /**
   * With a true coverage of 95 %, the probability is below 0.001 that no more than 104 of 120
   * intervals (87 %) contain the true value.
   */
  @ParameterizedTest
  @MethodSource("designs")
  void intervalsOfFloorAndExtrapolationContainTheTrueValue(Truth truth) {
    Coverage coverage = Coverage.simulate(truth, Objective.HUBER_LOG, .01, 120, 200);
    assertThat(coverage.floor()).isGreaterThan(.87);
    assertThat(coverage.extrapolation()).isGreaterThan(.87);
    assertThat(coverage.newRun()).isGreaterThan(.87);
    assertThat(coverage.refused()).isLessThan(4);
  }
}
