package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.ComputeOptimum;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the best model size and number of tokens for a compute budget. */
class OptimumTest {
  @Test
  void theOptimumOfChinchillaIsThatOfTheClosedForm() {
    // given
    SplittableRandom random = new SplittableRandom(2);
    Observations points = Truth.chinchilla().observe(() -> 0.002 * random.nextGaussian());
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(200).fit(points).orElseThrow();
    double flops = 1e21;
    // when
    ComputeOptimum best = fit.optimal(flops).orElseThrow();
    // then the size is that of Hoffmann et al. 2022, equation 4
    double a = fit.value("alpha");
    double b = fit.value("beta");
    double g = Math.pow(a * fit.value("A") / (b * fit.value("B")), 1 / (a + b));
    double size = g * Math.pow(flops / 6, b / (a + b));
    assertThat(best.params().value() / size).isCloseTo(1, within(1e-5));
    assertThat(best.params().value() * best.tokens().value() * 6 / flops)
        .isCloseTo(1, within(1e-9));
    assertThat(best.paramsExponent().value()).isCloseTo(b / (a + b), within(1e-5));
    assertThat(best.tokensExponent().value()).isCloseTo(a / (a + b), within(1e-5));
    assertThat(best.loss().value())
        .isCloseTo(fit.loss(best.params().value(), best.tokens().value()), within(1e-9));
    assertThat(best.paramsExponent().interval().contains(.37 / .72)).isTrue();
  }

  @Test
  void bothInputsOfTheOvertrainingLawGiveTheSameOptimum() {
    // given
    double[] truth = {1.84, 212, 367, .136};
    ObservationsBuilder byParams = ObservationsBuilder.of(Input.N, Input.D);
    ObservationsBuilder byCompute = ObservationsBuilder.of("C", "M");
    for (double n = 1e7; n < 1e9; n *= 3) {
      for (double m = 5; m < 700; m *= 4) {
        double loss = LawForms.OVERTRAINING.loss(truth, n, n * m);
        byParams.add(loss, n, n * m);
        byCompute.add(loss, 6 * n * n * m, m);
      }
    }
    // when
    List<Double> sizes =
        Stream.of(
                LawFitter.of(LawForms.OVERTRAINING).bootstrap(0).fit(byParams.build()),
                LawFitter.of(LawForms.OVERTRAINING_BY_COMPUTE).bootstrap(0).fit(byCompute.build()))
            .map(fit -> fit.orElseThrow().optimal(1e20).orElseThrow().params().value())
            .toList();
    // then the best ratio M = D / N minimises a·M^eta + b·M^-eta, so M = (b/a)^(1/(2·eta))
    double multiplier = Math.pow(367 / 212., 1 / (2 * .136));
    double expected = Math.sqrt(1e20 / (6 * multiplier));
    assertThat(sizes.get(0) / expected).isCloseTo(1, within(1e-4));
    assertThat(sizes.get(1) / expected).isCloseTo(1, within(1e-4));
  }

  @Test
  void whatTheLawCannotAnswerIsRefused() {
    // given
    LawFit data =
        LawFitter.of(LawForms.DATA).bootstrap(0).fit(Truth.data(8).observe(() -> 0)).orElseThrow();
    LawFit both =
        LawFitter.of(LawForms.CHINCHILLA)
            .bootstrap(0)
            .fit(Truth.chinchilla().observe(() -> 0))
            .orElseThrow();
    // when, then
    assertThat(data.optimal(1e20).toString()).contains("the inputs of the law are [D]");
    assertThat(both.optimal(1e30).toString())
        .contains("lie outside the measured range by a factor of");
    assertThat(both.optimal(1e25).toString()).contains("is outside the measured range of");
    assertThatThrownBy(() -> both.optimal(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FLOPs: 0.0; expected a finite number above 6");
  }
}
