package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void anEstimateHasTheDigitsThatItsIntervalLeavesMeaning() {
    assertThat(Numbers.estimate(Estimate.of(1.81723, 1.7694, 1.8711)))
        .hasToString("1.82 (1.77 to 1.87)");
    assertThat(Numbers.estimate(Estimate.of(0.34731, 0.3171, 0.3729)))
        .hasToString("0.347 (0.317 to 0.373)");
    assertThat(Numbers.estimate(Estimate.of(477.83, 285, 744))).hasToString("480 (280 to 740)");
    assertThat(Numbers.estimate(Estimate.of(1.026, 0.5873, 1.492))).hasToString("1.0 (0.6 to 1.5)");
    assertThat(Numbers.estimate(Estimate.of(12846, 31, 2.5e7))).hasToString("13000 (31 to 2.5e7)");
    assertThat(Numbers.estimate(Estimate.of(0.1512, 0.1, 1.04))).hasToString("0.15 (0.10 to 1.04)");
    assertThat(Numbers.estimate(Estimate.of(0.5, 0.5, 0.5))).hasToString("0.500 (0.500)");
  }

  @Test
  void anIntervalShowsOnWhichSideOfEvenItEnds() {
    Estimate better = Estimate.of(-0.1573, -0.3199, -0.0021);
    assertThat(Numbers.difference(better).value()).isEqualTo("−0.157");
    assertThat(Numbers.difference(better).range()).isEqualTo("−0.320 to −0.002");
    assertThat(Numbers.ratio(Estimate.of(1.36, 1.02, 1.78))).hasToString("1.36× (1.02 to 1.78)");
  }

  @Test
  void differencesHaveSignsAndNoNegativeZero() {
    assertThat(Numbers.difference(Estimate.of(-0.3063, -0.55, -0.0849)).value()).isEqualTo("−0.31");
    assertThat(Numbers.difference(Estimate.of(-0.3063, -0.55, -0.0849)).range())
        .isEqualTo("−0.55 to −0.08");
    assertThat(Numbers.difference(Estimate.of(-0.0004, -0.01, 0.01)).value()).isEqualTo("0.000");
    assertThat(Numbers.difference(Estimate.of(0, -0.01, 0.0123)).range())
        .isEqualTo("−0.010 to +0.012");
  }

  @Test
  void ticksHaveTheDecimalsOfTheirStep() {
    assertThat(Numbers.stepped(5.5, 0.5)).isEqualTo("5.5");
    assertThat(Numbers.stepped(5, 0.5)).isEqualTo("5.0");
    assertThat(Numbers.stepped(4.62, 0.02)).isEqualTo("4.62");
    assertThat(Numbers.stepped(30, 10)).isEqualTo("30");
  }

  @Test
  void aRangeOfOneShareIsOneShare() {
    assertThat(Numbers.percents(new Interval(1 / 3.0, 1 / 3.0))).isEqualTo("33 %");
    assertThat(Numbers.percents(new Interval(0, 1))).isEqualTo("0 to 100 %");
    assertThat(Numbers.percent(0.125)).isEqualTo("12.5 %");
    assertThat(Numbers.percent(0.0033)).isEqualTo("0.3 %");
  }

  @Test
  void aRatioOfNextToNothingIsNone() {
    assertThat(Numbers.ratio(Estimate.of(0.94, 4e-204, 2.3))).hasToString("0.9× (0 to 2.3)");
    assertThat(Numbers.ratio(Estimate.of(1.04, 1.0001, 1.2))).hasToString("1.04× (1.00 to 1.20)");
  }

  @Test
  void whatIsNoNumberIsADash() {
    assertThat(Numbers.short3(Double.NaN)).isEqualTo("–");
    Estimate open = Estimate.of(0.0512, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    assertThat(Numbers.difference(open)).hasToString("+0.0512 (no interval)");
    assertThat(Numbers.estimate(Estimate.of(1.5, 0.2, Double.POSITIVE_INFINITY)))
        .hasToString("1.5 (0.20 to ∞)");
  }

  @Test
  void percentsHaveTheDigitsThatTheirIntervalLeaves() {
    assertThat(Numbers.percent(Estimate.of(0.4567, 0.3726, 0.5433)).lines())
        .isEqualTo("46 %\n37 to 54 %");
    assertThat(Numbers.percent(Estimate.of(0.4567, 0.4466, 0.4668)).lines())
        .isEqualTo("45.7 %\n44.7 to 46.7 %");
    assertThat(Numbers.percent(Estimate.of(0, 0, 0.31)).lines()).isEqualTo("0 %\n0 to 31 %");
  }
}
