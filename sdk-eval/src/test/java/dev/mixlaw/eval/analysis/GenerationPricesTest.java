package dev.mixlaw.eval.analysis;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.Speedup.Ratio;
import dev.mixlaw.eval.analysis.SyntheticRuns.Law;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationPricesTest {
  /**
   * Findings that all tests share. Mixture half reaches the baseline's loss with a quarter of the
   * tokens; hq alone never reaches it.
   */
  private static final Findings STUDIED = analyze();

  private static Findings analyze() {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.domains = new String[] {"wiki"};
    s.mixture("web", Map.of("web", 1.0), Law.chinchilla(2.5, 0, 1, 200, 0.35));
    s.mixture(
        "half",
        Map.of("web", 0.5, "hq", 0.5),
        Law.chinchilla(2.5, 0, 1, 200 * Math.pow(4, -0.35), 0.35));
    s.mixture("hq", Map.of("hq", 1.0), Law.chinchilla(4, 0, 1, 200, 0.35));
    return new StudyAnalyst().analyze(s.provenance(), s.runs());
  }

  private static double value(Answer<Ratio> ratio) {
    return ratio.orElseThrow().times().orElseThrow().value();
  }

  @Test
  void aSpeedupInCostCountsGeneration() {
    // given a generation price of 12e6 FLOPs per token, twice the cost of training on a token
    Findings f = STUDIED;
    GenerationPrice price = GenerationPrice.flops(12e6);

    // when
    Speedup s = f.speedup("half").price("hq", price).at(params("1M"), tokens("8M")).orElseThrow();

    // then a token of the mixture costs 6e6 + 0.5·12e6 FLOPs, and one of the baseline 6e6
    assertThat(value(s.fitted())).isCloseTo(4, within(0.1));
    assertThat(value(s.fittedCost())).isCloseTo(value(s.fitted()) / 2, within(1e-9));
    assertThat(value(s.measuredCost())).isCloseTo(value(s.measured()) / 2, within(1e-9));
    // the price p breaks even where 6e6 + 0.5·p is four times 6e6
    Estimate even = s.breakEven().orElseThrow();
    assertThat(even.value()).isCloseTo(36e6, within(2e6));
    assertThat(even.interval().contains(even.value())).isTrue();
    assertThat(s.toString())
        .contains("; cost of the baseline divided by that of the mixture: fitted ");
  }

  @Test
  void textUsedTwiceCostsHalf() {
    Findings f = STUDIED;

    Speedup s =
        f.speedup("half")
            .price("hq", GenerationPrice.generator(params("6M")).usedTimes(2))
            .at(params("1M"), tokens("8M"))
            .orElseThrow();

    assertThat(value(s.fittedCost())).isCloseTo(value(s.fitted()) * 6 / 9, within(1e-9));
  }

  @Test
  void neverStaysNeverAndHasNoPriceThatPays() {
    Speedup s =
        STUDIED
            .speedup("hq")
            .price("hq", GenerationPrice.flops(0))
            .at(params("1M"), tokens("16M"))
            .orElseThrow();

    assertThat(s.fittedCost().orElseThrow().times()).isEmpty();
    assertThat(s.breakEven().toString()).contains("never reaches");
    assertThat(s.measuredCost().toString()).contains("speed-up in tokens was refused");
  }

  @Test
  void theBaselinesOwnTextIsPaidForToo() {
    Speedup s =
        STUDIED
            .speedup("web")
            .over("half")
            .price("hq", GenerationPrice.flops(12e6))
            .at(params("1M"), tokens("2M"))
            .orElseThrow();

    assertThat(value(s.fittedCost())).isCloseTo(2 * value(s.fitted()), within(1e-9));
    assertThat(s.breakEven().toString()).contains("no corpus of the mixture has a price");
  }

  @Test
  void withoutPricesTextIsFree() {
    Speedup s = STUDIED.speedup("half").at(params("1M"), tokens("8M")).orElseThrow();

    assertThat(value(s.fittedCost())).isEqualTo(value(s.fitted()));
    assertThat(s.breakEven().toString()).contains("no corpus of the mixture has a price");
    assertThat(s.toString()).doesNotContain("cost");
  }

  @Test
  void pricesAndCorporaThatCannotBeAreErrors() {
    assertThat(GenerationPrice.money(0.2, 1).flopsPerToken()).isCloseTo(2e11, within(1.0));
    assertThatThrownBy(() -> GenerationPrice.flops(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1.0 FLOPs");
    assertThatThrownBy(() -> GenerationPrice.money(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GenerationPrice.flops(1).usedTimes(0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> STUDIED.speedup("half").price("qa", GenerationPrice.flops(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("web, hq");
  }
}
