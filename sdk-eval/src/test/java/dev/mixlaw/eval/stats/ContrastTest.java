package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastTest {
  private static final int REPETITIONS = 4000;

  private static Contrast draw(SplittableRandom random, double truth, int degreesOfFreedom) {
    return new Contrast(
        truth + random.nextGaussian(),
        new NoiseEstimate(
            Math.sqrt(ChiSquare.draw(random, degreesOfFreedom) / degreesOfFreedom),
            degreesOfFreedom));
  }

  /**
   * Intervals of ±1.96 standard errors would contain the true value in only 70 % of cases with 1
   * degree of freedom, and in 81 % with 2.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 20})
  void intervalsContainTheTrueValueAsOftenAsTheyClaim(int degreesOfFreedom) {
    SplittableRandom random = new SplittableRandom(degreesOfFreedom);
    int hits = 0;
    int normal = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      Contrast c = draw(random, 0.3, degreesOfFreedom);
      hits += c.estimate().interval().contains(0.3) ? 1 : 0;
      normal += Math.abs(c.value() - 0.3) < 1.96 * c.error().standardDeviation() ? 1 : 0;
      assertThat(c.pValue() <= 0.05).isEqualTo(!c.estimate().interval().contains(0));
    }
    assertThat(hits / (double) REPETITIONS).isBetween(0.94, 0.96);
    if (degreesOfFreedom <= 2) {
      assertThat(normal / (double) REPETITIONS).isLessThan(0.83);
    }
  }

  /**
   * The detectable difference of one simulated study is the true difference of a second one, which
   * must find it with the promised power of 80 %.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 20, 60})
  void promisedPowerIsMet(int degreesOfFreedom) {
    SplittableRandom random = new SplittableRandom(degreesOfFreedom);
    int found = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      double promised = draw(random, 0, degreesOfFreedom).detectable();
      found += draw(random, promised, degreesOfFreedom).pValue() <= 0.05 ? 1 : 0;
    }
    assertThat(found / (double) REPETITIONS).isBetween(0.77, 0.83);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 20})
  void equivalenceIsSeldomDeclaredFalsely(int degreesOfFreedom) {
    SplittableRandom random = new SplittableRandom(degreesOfFreedom);
    double margin = 3.5;
    int declared = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      declared += draw(random, margin, degreesOfFreedom).equivalence() <= margin ? 1 : 0;
    }
    assertThat(declared / (double) REPETITIONS).isLessThan(0.06);
  }

  @Test
  void anIntervalForSeveralIsWider() {
    Contrast c = new Contrast(1, new NoiseEstimate(0.5, 10));
    var all = Contrast.simultaneous(c.estimate(), 10, 20);

    double half = StudentT.quantile(1 - 0.05 / 40, 10) * 0.5;
    assertThat(all.interval().low()).isCloseTo(1 - half, within(1e-6));
    assertThat(all.interval().high()).isCloseTo(1 + half, within(1e-6));
    assertThat(Contrast.simultaneous(c.estimate(), 10, 1)).isEqualTo(c.estimate());
  }
}
