package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSamplerTest {
  private static final double[] TOP_PS = {1e-9, 0.1, 0.5, 0.9, 0.999, 1 - 1e-12, 1};

  /**
   * Returns, for each token, the sum of the weights of all tokens that precede it in descending
   * order, as a fraction of the total.
   */
  private static double[] before(float[] weights) {
    Integer[] order = new Integer[weights.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -weights[i]));
    double[] before = new double[weights.length];
    double sum = 0;
    for (int token : order) {
      before[token] = sum;
      sum += weights[token];
    }
    double total = sum;
    return Arrays.stream(before).map(b -> b / total).toArray();
  }

  private static float[] weights(Random random, int vocabulary, double spread, boolean alike) {
    double[] logits = new double[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      double logit = spread * random.nextGaussian();
      logits[i] = alike ? Math.rint(logit * 2) / 2 : logit;
    }
    double max = Arrays.stream(logits).max().orElseThrow();
    float[] weights = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      weights[i] = (float) Math.exp(logits[i] - max);
    }
    return weights;
  }

  /**
   * Covers flat and peaked distributions, ties, and distributions in which most weights underflow
   * to 0.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-4, 0.1, 1, 3, 30})
  void sampledTokensAreInTheNucleus(double spread) {
    Random random = new Random(5);
    for (int vocabulary : new int[] {1, 2, 37, 1000, 8192}) {
      TokenSampler choice = new TokenSampler(vocabulary);
      for (int n = 0; n < 20; n++) {
        float[] weights = weights(random, vocabulary, spread, n % 2 == 1);
        double[] before = before(weights);
        for (double topP : TOP_PS) {
          int token = choice.fromWeights(weights, 0, topP, random.nextLong());
          assertThat(before[token])
              .as("vocabulary %d, topP %s", vocabulary, topP)
              .isLessThanOrEqualTo(topP * (1 + 1e-5));
          assertThat(weights[token]).isPositive();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.1, 0.5, 0.9, 1})
  void tokensOfTheNucleusAreDrawnInProportionToTheirProbability(double topP) {
    int draws = 100_000;
    for (int vocabulary : new int[] {5, 128, 300}) {
      float[] weights = weights(new Random(vocabulary), vocabulary, 1.5, vocabulary == 128);
      double[] before = before(weights);
      TokenSampler choice = new TokenSampler(vocabulary);
      Random random = new Random(4);
      int[] drawn = new int[vocabulary];
      for (int i = 0; i < draws; i++) {
        drawn[choice.fromWeights(weights, 0, topP, random.nextLong())]++;
      }
      double kept = 0;
      for (int i = 0; i < vocabulary; i++) {
        kept += before[i] < topP ? weights[i] : 0;
      }
      for (int i = 0; i < vocabulary; i++) {
        double p = before[i] < topP ? weights[i] / kept : 0;
        assertThat((double) drawn[i] / draws)
            .as("token %d of %d", i, vocabulary)
            .isCloseTo(p, within(5 * Math.sqrt(p / draws)));
      }
    }
  }

  @Test
  void ofEquallyLikelyTokensThoseWithSmallerIdsAreInTheNucleus() {
    float[] weights = {9, 0.25f, 1, 0.5f, 0.25f};
    TokenSampler choice = new TokenSampler(4);

    assertThat(drawn(choice, weights, 1)).containsExactly(0, 1, 2, 3);
    assertThat(drawn(choice, weights, 0.75)).containsExactly(1, 2);
    assertThat(drawn(choice, weights, 0.76)).containsExactly(0, 1, 2);
    assertThat(drawn(choice, weights, 0.5)).containsExactly(1);
  }

  /** Returns the distinct tokens that are drawn from all weights but the first. */
  private static int[] drawn(TokenSampler choice, float[] weights, double topP) {
    Random random = new Random(3);
    return IntStream.range(0, 500)
        .map(i -> choice.fromWeights(weights, 1, topP, random.nextLong()))
        .distinct()
        .sorted()
        .toArray();
  }

  @Test
  void temperatureSharpensAndZeroTakesTheFirstOfTheLikeliest() {
    float[] logits = {-1, 2, 2, 0};
    TokenSampler choice = new TokenSampler(4);

    assertThat(choice.sample(logits.clone(), 0, new Sampling(1, 0, 1, 3, -1), 0)).isEqualTo(1);
    for (double temperature : new double[] {0.5, 2}) {
      Sampling how = new Sampling(1, temperature, 1, 3, -1);
      double[] drawn = new double[4];
      for (int i = 0; i < 20_000; i++) {
        drawn[choice.sample(logits.clone(), 0, how, i)] += 1 / 20_000.0;
      }
      double total = 0;
      for (float logit : logits) {
        total += Math.exp(logit / temperature);
      }
      for (int i = 0; i < 4; i++) {
        double p = Math.exp(logits[i] / temperature) / total;
        assertThat(drawn[i]).isCloseTo(p, within(5 * Math.sqrt(p / 20_000) + 1e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void logitsThatAreNotFiniteAreDetected(float wrong) {
    for (double temperature : new double[] {0, 1}) {
      float[] logits = new float[50];
      logits[31] = wrong;
      assertThat(new TokenSampler(50).sample(logits, 0, new Sampling(1, temperature, 1, 3, -1), 0))
          .isNegative();
    }
  }

  @Test
  void aDrawAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TokenSampler choice = new TokenSampler(8192);
    float[] weights = new float[8192];
    Arrays.fill(weights, 1);
    long self = Thread.currentThread().getId();
    choice.fromWeights(weights, 0, 0.9, 1);
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < 100; i++) {
      choice.fromWeights(weights, 0, 0.9, (long) i << 50);
    }

    assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(1024);
  }
}
