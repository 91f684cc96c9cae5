package dev.mixlaw.mix.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.WordComparison;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Tests distances against values that were computed by hand. The domain consists of the words a a b
 * c, the training text of a b b d, or of a mixture that contains it.
 */
class WordDistanceTest {
  private static final Offset<Double> DIGITS = within(1e-12);

  private static final long A = 11;
  private static final long B = -5;
  private static final long C = 3;
  private static final long D = Long.MIN_VALUE;

  private final TermCounts domain = counts(A, A, B, C);
  private final TermCounts training = counts(D, B, A, B);

  private static TermCounts counts(long... terms) {
    try (TermCounter counter = new TermCounter()) {
      counter.addAll(terms);
      return counter.finish();
    }
  }

  private static WordComparison.Fit fit(TermCounts domain, Distribution training, long words) {
    return WordDistance.of("text", training, "domain", domain, words);
  }

  @Test
  void aTableComputedByHand() {
    WordComparison.Fit fit = fit(domain, Distribution.of(training), 4);

    // relative frequencies in the domain (p): a 1/2, b 1/4, c 1/4; in training text (q): a 1/4, b
    // 1/2, d 1/4
    double kl =
        0.5 * Math.log(0.5 / (0.999 * 0.25 + 0.001 * 0.5))
            + 0.25 * Math.log(0.25 / (0.999 * 0.5 + 0.001 * 0.25))
            + 0.25 * Math.log(1000);
    assertThat(fit.kl()).isCloseTo(kl, DIGITS);
    double js =
        0.5 * (0.5 * Math.log(0.5 / 0.375) + 0.25 * Math.log(0.25 / 0.375) + 0.25 * Math.log(2))
            + 0.5
                * (0.25 * Math.log(0.25 / 0.375)
                    + 0.5 * Math.log(0.5 / 0.375)
                    + 0.25 * Math.log(2));
    assertThat(fit.js()).isCloseTo(js, DIGITS);
    assertThat(fit.coverageTypes()).isCloseTo(2.0 / 3, DIGITS);
    assertThat(fit.coverageTokens()).isCloseTo(0.75, DIGITS);
    assertThat(fit.seenTypes()).isCloseTo((1 - Math.exp(-1) + 1 - Math.exp(-2)) / 3, DIGITS);
    assertThat(fit.seenTokens())
        .isCloseTo(0.5 * (1 - Math.exp(-1)) + 0.25 * (1 - Math.exp(-2)), DIGITS);
  }

  @Test
  void divergenceFromTheSameTextIsZero() {
    WordComparison.Fit fit = fit(domain, Distribution.of(domain), 1);

    assertThat(fit.kl()).isZero();
    assertThat(fit.js()).isZero();
    assertThat(fit.coverageTypes()).isEqualTo(1);
    assertThat(fit.coverageTokens()).isEqualTo(1);
  }

  @Test
  void divergenceFromTextWithoutCommonWordsIsTheMaximum() {
    WordComparison.Fit fit = fit(domain, Distribution.of(counts(D, 4, 5)), 1);

    assertThat(fit.kl()).isCloseTo(Math.log(1 / WordDistance.SKEW), DIGITS);
    assertThat(fit.js()).isCloseTo(Math.log(2), DIGITS);
    assertThat(fit.coverageTypes()).isZero();
    assertThat(fit.coverageTokens()).isZero();
  }

  @Test
  void aUnionEqualsTheConcatenatedTexts() {
    TermCounts other = counts(C, A);
    TermCounts both = counts(D, B, A, B, C, A);

    WordComparison.Fit union = fit(domain, Distribution.union(List.of(training, other)), 3);
    WordComparison.Fit whole = fit(domain, Distribution.of(both), 3);

    assertThat(union.coverageTypes()).isEqualTo(1);
    assertThat(union.kl()).isCloseTo(whole.kl(), DIGITS);
    assertThat(union.js()).isCloseTo(whole.js(), DIGITS);
  }

  @Test
  void aMixtureWeighsByShareNotBySize() {
    TermCounts large = counts(C, C, C, C, C, C);

    WordComparison.Fit mixture =
        fit(domain, Distribution.mixture(Map.of(training, 0.75, large, 0.25)), 1);

    // relative frequencies in the mixture (q): a 3/16, b 3/8, c 1/4, d 3/16
    double kl =
        0.5 * Math.log(0.5 / (0.999 * 0.1875 + 0.001 * 0.5))
            + 0.25 * Math.log(0.25 / (0.999 * 0.375 + 0.001 * 0.25))
            + 0;
    assertThat(mixture.kl()).isCloseTo(kl, DIGITS);
    assertThat(mixture.coverageTypes()).isEqualTo(1);
  }

  @Test
  void refusesInvalidShares() {
    assertThatThrownBy(() -> Distribution.mixture(Map.of(training, 0.75, domain, 0.5)))
        .hasMessageContaining("sum to 1");
    assertThatThrownBy(() -> Distribution.mixture(Map.of(training, 1.0, domain, 0.0)))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> Distribution.of(counts())).hasMessageContaining("text with words");
  }

  @Test
  void divergencesStayWithinTheirBounds() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      long[] p = random.longs(1 + random.nextInt(50), 0, 20).toArray();
      long[] q = random.longs(1 + random.nextInt(50), 0, 20).toArray();
      WordComparison.Fit fit = fit(counts(p), Distribution.of(counts(q)), 1_000_000_000L);
      assertThat(fit.kl()).isBetween(0.0, Math.log(1000) + 1e-12);
      assertThat(fit.js()).isBetween(0.0, Math.log(2));
      // with a billion training words, every word of the training text is seen at least once, so
      // the fraction of seen words equals the coverage
      assertThat(fit.seenTokens()).isCloseTo(fit.coverageTokens(), within(1e-9));
      assertThat(fit.seenTypes()).isCloseTo(fit.coverageTypes(), within(1e-9));
    }
  }
}
