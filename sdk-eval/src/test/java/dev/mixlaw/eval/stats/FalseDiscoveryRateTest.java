package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FalseDiscoveryRateTest {
  /**
   * In the example of Benjamini and Hochberg (1995), section 3.2, four of fifteen hypotheses are
   * rejected at 5 %.
   */
  @Test
  void rejectsAsInThePaper() {
    double[] p = {
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0000
    };

    assertThat(Arrays.stream(FalseDiscoveryRate.adjusted(p)).filter(a -> a <= 0.05).count())
        .isEqualTo(4);
  }

  @Test
  void isMonotoneInAnyOrderAndAtMostOne() {
    double[] adjusted = FalseDiscoveryRate.adjusted(new double[] {0.9, 0.01, 0.02, 0.9});

    assertThat(adjusted[1]).isCloseTo(0.04, within(1e-12));
    assertThat(adjusted[2]).isCloseTo(0.04, within(1e-12));
    assertThat(adjusted[0]).isCloseTo(0.9, within(1e-12));
    assertThat(FalseDiscoveryRate.adjusted(new double[] {0.3})).containsExactly(0.3);
    assertThat(FalseDiscoveryRate.adjusted(new double[0])).isEmpty();
  }
}
