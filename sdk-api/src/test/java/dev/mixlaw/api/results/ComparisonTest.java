package dev.mixlaw.api.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.units.Tokens;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Comparison comparison(double degreesOfFreedom) {
    Estimate difference = new Estimate(-0.0128, new Interval(-0.0509, 0.0252));
    Tokens budget = new Tokens(400_000);
    return new Comparison(
        "hq-33",
        "web",
        "1M",
        budget,
        "macro",
        difference,
        30,
        degreesOfFreedom,
        0.2,
        0.44,
        0.06,
        0.04);
  }

  @Test
  void theTextSaysWhetherTheDifferenceIsSignificant() {
    assertThat(comparison(6))
        .hasToString(
            "hq-33 against web at 1M, D=400k, mean of domains: difference -0.01280 (-0.05090 to 0.02520),"
                + " not significant (adjusted p 0.440); 80 % power detects 0.060");
    assertThat(comparison(0)).asString().endsWith("not tested, because the seed noise is unknown");
  }
}
