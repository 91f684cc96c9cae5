package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that models of mixtures reproduce published accuracies and results. */
class PublishedMixturesTest {
  /** Tolerance of rank correlations, which the paper prints with three digits. */
  private static final double BAND = 0.003;

  @ParameterizedTest
  @CsvSource({"1m,0.902", "60m,0.893", "1B,0.877"})
  void linearRegressionRanksAsInRegMix(String size, double spearman) {
    MixtureFit fit = fit(MixtureModel.linear());

    assertThat(Accuracy.on(RegMix.test(size), fit).orElseThrow().spearman())
        .isCloseTo(spearman, within(BAND));
  }

  @Test
  void theMixingLawBendsWhereTheLineCannot() {
    Accuracy law = Accuracy.on(RegMix.test("1m"), fit(MixtureModel.mixing())).orElseThrow();
    Accuracy line = Accuracy.on(RegMix.test("1m"), fit(MixtureModel.linear())).orElseThrow();

    assertThat(law.spearman()).isGreaterThan(line.spearman() + 0.04);
    assertThat(law.meanRelativeError()).isLessThan(line.meanRelativeError());
  }

  private static MixtureFit fit(MixtureModel model) {
    return model.fit(RegMix.train(RegMix.PILE_CC), RegMix.PILE_CC, Resamples.none()).orElseThrow();
  }

  @Test
  void autoScalesRuleGivesThePrintedAmounts() {
    double[] first = {1.55818971, .2, 1.1645966, 1.42333261, 1.49550525, .68184781, .47652801};
    double[] second = {1.63121445, .2, 1.30180479, 1.21425702, 1.83266187, .62006189, .2};
    for (int j = 0; j < first.length; j++) {
      first[j] *= 0.3 / 7;
      second[j] *= 1.2 / 7;
    }

    double[] next = MixtureModel.autoScale(first, second);

    assertThat(next)
        .containsExactly(
            new double[] {
              1.17096789, .13714286, .99783655, .71032654, 1.53999724, .38665696, .0575592
            },
            within(5.1e-9));
    assertThat(Arrays.stream(next).sum()).isCloseTo(5.0005, within(5e-5));
  }
}
