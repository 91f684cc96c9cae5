package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Intervals hold the truth about as often as they say; {@link CoverageBenchmark} tells how often.
 */
class CoverageTest {
  static Stream<Truth> designs() {
    return Stream.of(Truth.data(5), Truth.model(8), Truth.chinchilla());
  }

  /** Of 120 repetitions at a true 95 %, fewer than 104 (87 %) happen once in a thousand. */
  @ParameterizedTest
  @MethodSource("designs")
  void intervalsOfFloorAndExtrapolationHoldTheTruth(Truth truth) {
    Coverage coverage = Coverage.simulate(truth, Objective.HUBER_LOG, .01, 120, 200);
    assertThat(coverage.floor()).isGreaterThan(.87);
    assertThat(coverage.extrapolation()).isGreaterThan(.87);
    assertThat(coverage.newRun()).isGreaterThan(.87);
    assertThat(coverage.refused()).isLessThan(4);
  }
}
