package dev.mixlaw.api.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunResultTest {
  private static RunResult run(Map<String, Double> shares, Map<String, Double> repeats) {
    return new RunResult(
        new RunKey("mixture", "1M", new Tokens(1000), 0),
        "sha256:0",
        Optional.empty(),
        1_000_000,
        1_000_000,
        1000,
        6e9,
        6e9,
        shares,
        shares,
        repeats,
        0.01,
        8,
        OptionalDouble.empty(),
        List.of(),
        1);
  }

  @Test
  void textWithoutRepeatsIsWorthAllItsTokens() {
    assertThat(run(Map.of("web", 0.6, "hq", 0.4), Map.of("web", 0.1, "hq", 1.0)).effectiveTokens())
        .hasValue(1000);
  }

  @Test
  void fourEpochsAreWorthNearlyAsMuchAsNewTextAndManyAreWorthSixteen() {
    // U unique tokens that are repeated R times are worth U·(1 + 15.387756·(1 - exp(-R /
    // 15.387756))) tokens; here, U = 100 and R = 3
    assertThat(run(Map.of("web", 0.6, "hq", 0.4), Map.of("web", 0.1, "hq", 4.0)).effectiveTokens())
        .hasValueCloseTo(600 + 372.567, within(0.01));
    // U = 1 and R = 999
    assertThat(run(Map.of("hq", 1.0), Map.of("hq", 1000.0)).effectiveTokens())
        .hasValueCloseTo(16.387756, within(1e-6));
  }

  @Test
  void aCorpusOfUnknownSizeGivesNone() {
    assertThat(run(Map.of("web", 0.6, "hq", 0.4), Map.of("web", 0.1)).effectiveTokens()).isEmpty();
  }
}
