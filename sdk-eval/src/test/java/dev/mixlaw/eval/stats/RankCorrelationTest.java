package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Estimate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankCorrelationTest {
  private static Estimate of(double[] x, double[] y) {
    return RankCorrelation.estimate(x, y).orElseThrow();
  }

  @Test
  void equalValuesShareTheMeanOfTheirRanks() {
    assertThat(RankCorrelation.ranks(new double[] {3, 1, 3, 2, 3})).containsExactly(4, 1, 4, 2, 4);
  }

  @Test
  void agreesWithAHandComputedTable() {
    // the ranks are 1 2 3 4 5 and 2 1 4 3 5; the sum of squared differences is 4, so rho is 1 - 6·4
    // / (5·24) = 0.8
    Estimate rho = of(new double[] {10, 20, 30, 40, 50}, new double[] {2, 1, 9, 8, 100});
    assertThat(rho.value()).isCloseTo(0.8, within(1e-12));
    double error = 1.959964 * Math.sqrt((1 + 0.32) / 2);
    assertThat(rho.interval().low())
        .isCloseTo(Math.tanh(0.5 * Math.log(1.75 / 0.25) - error), within(1e-9));
    assertThat(rho.interval().high())
        .isCloseTo(Math.tanh(0.5 * Math.log(1.85 / 0.15) + error), within(1e-9));

    // the ranks are 1.5 1.5 3 4 and 1 2 3 4; with ties, rho is the Pearson correlation of the ranks
    Estimate tied = of(new double[] {7, 7, 8, 9}, new double[] {1, 2, 3, 4});
    assertThat(tied.value()).isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
  }

  @Test
  void spearmanOfTiesAndOfConstants() {
    assertThat(RankCorrelation.spearman(new double[] {1, 2, 3, 4}, new double[] {10, 20, 20, 40}))
        .hasValueCloseTo(4.5 / Math.sqrt(5 * 4.5), within(1e-12));
    assertThat(RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {9, 5, 1}))
        .hasValueCloseTo(-1.0, within(1e-12));
    assertThat(RankCorrelation.spearman(new double[] {1, 1, 1}, new double[] {9, 5, 1})).isEmpty();
  }

  @Test
  void aPerfectOrderOfFourMayBeChanceAndOfSixIsNot() {
    double[] six = {1, 2, 3, 4, 5, 6};
    double[] back = {6, 5, 4, 3, 2, 1};
    double[] four = {1, 2, 3, 4};

    assertThat(of(six, back).value()).isEqualTo(-1);
    assertThat(of(six, back).interval().low()).isEqualTo(-1);
    assertThat(of(six, back).interval().high()).isBetween(-0.7, -0.1);
    assertThat(of(four, four).interval().contains(0)).isTrue(); // 2 of 24 orders are perfect
  }

  @Test
  void tooFewAndAllAlikeAreRefused() {
    double[] three = {1, 2, 3};
    double[] alike = {5, 5, 5, 5};
    double[] four = {1, 2, 3, 4};

    assertThat(RankCorrelation.estimate(three, three).toString())
        .contains("too few mixtures: 3", "at least 4");
    assertThat(RankCorrelation.estimate(alike, four).toString())
        .contains("the measure is the same");
    assertThat(RankCorrelation.estimate(four, alike).toString()).contains("the loss is the same");
  }

  /**
   * If a bivariate normal distribution has the Pearson correlation r, its Spearman correlation is 6
   * / π · asin(r / 2).
   */
  @ParameterizedTest
  @CsvSource({"5, 0", "5, 0.8", "8, 0.5", "20, 0.9"})
  void intervalsContainTheTrueValueAsOftenAsTheyClaim(int mixtures, double r) {
    SplittableRandom random = new SplittableRandom(11);
    double truth = 6 / Math.PI * Math.asin(r / 2);
    int held = 0;
    for (int draw = 0; draw < 4000; draw++) {
      double[] x = new double[mixtures];
      double[] y = new double[mixtures];
      for (int i = 0; i < mixtures; i++) {
        x[i] = random.nextGaussian();
        y[i] = r * x[i] + Math.sqrt(1 - r * r) * random.nextGaussian();
      }
      held += of(x, y).interval().contains(truth) ? 1 : 0;
    }
    assertThat(held / 4000.0).isBetween(0.93, 1.0);
  }
}
