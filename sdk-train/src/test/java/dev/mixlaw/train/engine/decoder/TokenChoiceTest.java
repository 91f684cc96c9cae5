package dev.mixlaw.train.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenChoiceTest {
  private static final double[] TOP_PS = {1e-9, 0.1, 0.5, 0.9, 0.999, 1 - 1e-12, 1};

  /** All tokens in order, with whole probabilities: what is chosen without ordering them. */
  private static int bySorting(float[] weights, double topP, long random) {
    Integer[] order = new Integer[weights.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> -TokenChoice.mass(weights[i])));
    long total = 0;
    for (float weight : weights) {
      total += TokenChoice.mass(weight);
    }
    long kept = 0;
    for (int i = 0; i < order.length && (kept < topP * total || kept == 0); i++) {
      kept += TokenChoice.mass(weights[order[i]]);
    }
    long drawn = Math.multiplyHigh(random >>> 1, 2 * kept);
    for (int token : order) {
      drawn -= TokenChoice.mass(weights[token]);
      if (drawn < 0) {
        return token;
      }
    }
    throw new AssertionError();
  }

  /** Flat and peaked ones, many alike, most of them nothing at all. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-4, 0.1, 1, 3, 30})
  void tokensAreThoseThatSortingGives(double spread) {
    Random random = new Random(5);
    for (int vocabulary : new int[] {1, 2, 37, 1000, 8192}) {
      TokenChoice choice = new TokenChoice(vocabulary);
      for (int n = 0; n < 20; n++) {
        float[] weights = new float[vocabulary];
        double max = Double.NEGATIVE_INFINITY;
        double[] logits = new double[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
          double logit = spread * random.nextGaussian();
          // Every other time of few sizes only, so that many are equally likely.
          logits[i] = n % 2 == 0 ? logit : Math.rint(logit * 2) / 2;
          max = Math.max(max, logits[i]);
        }
        for (int i = 0; i < vocabulary; i++) {
          weights[i] = (float) Math.exp(logits[i] - max);
        }
        for (double topP : TOP_PS) {
          long draw = random.nextLong();
          assertThat(choice.fromWeights(weights, 0, topP, draw))
              .as("vocabulary %d, topP %s, draw %d", vocabulary, topP, draw)
              .isEqualTo(bySorting(weights, topP, draw));
        }
      }
    }
  }

  @Test
  void theEndsOfADrawAreTheLikeliestAndTheLastOfTheKept() {
    float[] weights = {0.25f, 1, 0.5f, 0.25f};
    TokenChoice choice = new TokenChoice(4);

    assertThat(choice.fromWeights(weights, 0, 1, 0)).isEqualTo(1);
    assertThat(choice.fromWeights(weights, 0, 1, -1)).isEqualTo(3);
    assertThat(choice.fromWeights(weights, 0, 0.75, -1)).isEqualTo(2);
    assertThat(choice.fromWeights(weights, 0, 0.76, -1)).as("of equals the first").isEqualTo(0);
  }

  @Test
  void temperatureSharpensAndZeroTakesTheFirstOfTheLikeliest() {
    float[] logits = {-1, 2, 2, 0};
    TokenChoice choice = new TokenChoice(4);

    assertThat(choice.choose(logits.clone(), 0, new Sampling(1, 0, 1, 3, -1), 0)).isEqualTo(1);
    for (double temperature : new double[] {0.5, 2}) {
      Sampling how = new Sampling(1, temperature, 1, 3, -1);
      double[] drawn = new double[4];
      for (int i = 0; i < 20_000; i++) {
        drawn[choice.choose(logits.clone(), 0, how, i)] += 1 / 20_000.0;
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
  void logitsThatAreNotFiniteAreSeen(float wrong) {
    for (double temperature : new double[] {0, 1}) {
      float[] logits = new float[50];
      logits[31] = wrong;
      assertThat(new TokenChoice(50).choose(logits, 0, new Sampling(1, temperature, 1, 3, -1), 0))
          .isNegative();
    }
  }

  @Test
  void aDrawAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TokenChoice choice = new TokenChoice(8192);
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
