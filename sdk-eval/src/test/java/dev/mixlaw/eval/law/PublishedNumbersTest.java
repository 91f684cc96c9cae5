package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Interval;
import org.junit.jupiter.api.Test;

/** Numbers that others published, from the measurements they published. */
class PublishedNumbersTest {
  @Test
  void chinchillaWithoutTheFiveHighestLosses() {
    // given Besiroglu et al. 2024, "Chinchilla Scaling: A replication attempt"
    Observations points = SharedData.chinchilla().dropHighest(5);
    // when
    LawFit fit =
        LawFitter.of(LawForms.CHINCHILLA).bootstrap(4000).seed(42).fit(points).orElseThrow();
    // then
    assertThat(fit.objective()).isCloseTo(.0010182740, within(5e-11));
    assertThat(fit.value("A")).isCloseTo(477.83, within(.005));
    assertThat(fit.value("B")).isCloseTo(2143.4, within(.05));
    assertThat(fit.value("E")).isCloseTo(1.8172, within(5e-5));
    assertThat(fit.value("alpha")).isCloseTo(.3473, within(5e-5));
    assertThat(fit.value("beta")).isCloseTo(.3672, within(5e-5));
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.CONVERGED);
    isNear(fit, "A", 285, 744);
    isNear(fit, "B", 1042, 5810);
    isNear(fit, "E", 1.769, 1.871);
    isNear(fit, "alpha", .317, .373);
    isNear(fit, "beta", .331, .415);
  }

  /** Ends of two bootstraps differ by a few hundredths of the interval's width. */
  private static void isNear(LawFit fit, String parameter, double low, double high) {
    Interval interval = fit.parameter(parameter).interval();
    double band = .05 * (high - low);
    assertThat(interval.low()).as("%s low", parameter).isCloseTo(low, within(band));
    assertThat(interval.high()).as("%s high", parameter).isCloseTo(high, within(band));
  }

  @Test
  void chinchillaWithAllRows() {
    // given
    Observations points = SharedData.chinchilla();
    // when
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(100).fit(points).orElseThrow();
    // then
    assertThat(points.size()).isEqualTo(245);
    assertThat(fit.value("A")).isCloseTo(495.7, within(.05));
    assertThat(fit.value("B")).isCloseTo(12846, within(1.));
    assertThat(fit.value("E")).isCloseTo(1.891, within(5e-4));
    assertThat(fit.value("alpha")).isCloseTo(.349, within(5e-4));
    assertThat(fit.value("beta")).isCloseTo(.453, within(5e-4));
  }
}
