package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudentTTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 1.5, 2, 3, 7.3, 30, 1000, 1e6})
  void agreesWithHipparchus(double degreesOfFreedom) {
    TDistribution peer = new TDistribution(degreesOfFreedom);
    for (double p : new double[] {0.6, 0.8, 0.95, 0.975, 0.999, 1 - 1e-6}) {
      double t = StudentT.quantile(p, degreesOfFreedom);
      assertThat(t / peer.inverseCumulativeProbability(p)).isCloseTo(1, within(1e-5));
      assertThat(StudentT.twoSided(t, degreesOfFreedom)).isCloseTo(2 * (1 - p), within(1e-9));
      assertThat(StudentT.quantile(1 - p, degreesOfFreedom)).isCloseTo(-t, within(1e-6 * t));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e7, Double.POSITIVE_INFINITY})
  void isNormalInTheLimit(double degreesOfFreedom) {
    assertThat(StudentT.quantile(0.975, degreesOfFreedom)).isCloseTo(1.959964, within(1e-5));
    assertThat(StudentT.twoSided(1.959964, degreesOfFreedom)).isCloseTo(0.05, within(1e-6));
    assertThat(StudentT.twoSided(Double.POSITIVE_INFINITY, degreesOfFreedom)).isZero();
  }
}
