package dev.mixlaw.mix.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ApportionmentTest {
  private static double[] randomShares(SplittableRandom random, int n) {
    double[] shares = new double[n];
    double power = 1 + random.nextInt(6);
    for (int i = 0; i < n; i++) {
      shares[i] = Math.pow(random.nextDouble(), power) + 1e-9;
    }
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(s -> s / sum).toArray();
  }

  @Test
  void everyPrefixIsWithinOneSequenceOfItsShares() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 400; trial++) {
      int n = 1 + trial % 8;
      double[] shares = randomShares(random, n);
      Apportionment apportionment = new Apportionment(shares);
      double bound = (n == 1 ? 0 : 1 - 1.0 / (2 * n - 2)) + 1e-9;
      long[] counts = new long[n];
      for (int t = 1; t <= 6000; t++) {
        counts[apportionment.corpus(t - 1)]++;
        for (int i = 0; i < n; i++) {
          if (Math.abs(t * shares[i] - counts[i]) > bound) {
            assertThat(t * shares[i] - counts[i])
                .as("deficit of corpus %d of %s after %d", i, Arrays.toString(shares), t)
                .isBetween(-bound, bound);
          }
        }
      }
    }
  }

  /**
   * Shows why the next corpus is not simply the one with the largest deficit: the counts would
   * deviate from the shares by more than one sequence.
   */
  @Test
  void theLargestDeficitAloneViolatesTheBound() {
    double[] shares = {
      0.7035529017976111, 0.00754272369914186, 3.407062506823412E-4, 0.01879975391991328,
      2.540582655689653E-4, 2.564299617059022E-4, 0.2678741177675285, 0.0013793083378479038
    };
    long[] greedy = new long[8];
    double worstGreedy = 0;
    long[] ours = new long[8];
    double worst = 0;
    Apportionment apportionment = new Apportionment(shares);
    for (int t = 1; t <= 3000; t++) {
      int largest = 0;
      for (int i = 1; i < 8; i++) {
        if (t * shares[i] - greedy[i] > t * shares[largest] - greedy[largest]) {
          largest = i;
        }
      }
      greedy[largest]++;
      ours[apportionment.corpus(t - 1)]++;
      for (int i = 0; i < 8; i++) {
        worstGreedy = Math.max(worstGreedy, Math.abs(t * shares[i] - greedy[i]));
        worst = Math.max(worst, Math.abs(t * shares[i] - ours[i]));
      }
    }
    assertThat(worstGreedy).isGreaterThan(1.2);
    assertThat(worst).isLessThan(1);
  }

  @Test
  void twoCorporaTakeTurnsByLargestDeficit() {
    Apportionment apportionment = new Apportionment(new double[] {0.75, 0.25});
    int[] first = new int[8];
    for (int i = 0; i < 8; i++) {
      first[i] = apportionment.corpus(i);
    }
    assertThat(first).containsExactly(0, 0, 1, 0, 0, 0, 1, 0);
  }

  @Test
  void randomAccessEqualsSequentialAccess() {
    SplittableRandom random = new SplittableRandom(2);
    double[] shares = randomShares(random, 5);
    Apportionment inOrder = new Apportionment(shares);
    int positions = 20 * Apportionment.BLOCK; // more blocks than are cached
    int[] corpora = new int[positions];
    long[] ordinals = new long[positions];
    long[] counts = new long[5];
    for (int i = 0; i < positions; i++) {
      corpora[i] = inOrder.corpus(i);
      ordinals[i] = inOrder.ordinal(i);
      assertThat(ordinals[i]).isEqualTo(counts[corpora[i]]++);
    }
    for (int trial = 0; trial < 20; trial++) {
      Apportionment fresh = new Apportionment(shares);
      for (int i = 0; i < 50; i++) {
        int position = random.nextInt(positions);
        assertThat(fresh.corpus(position)).isEqualTo(corpora[position]);
        assertThat(fresh.ordinal(position)).isEqualTo(ordinals[position]);
      }
    }
  }

  @Test
  void countsAreThoseOfThePrefix() {
    double[] shares = {0.5, 0.3, 0.2};
    Apportionment apportionment = new Apportionment(shares);
    long[] counts = new long[3];
    for (int t = 0; t < 3 * Apportionment.BLOCK + 17; t++) {
      if (t % 1000 == 0 || t % Apportionment.BLOCK < 2) {
        assertThat(apportionment.counts(t)).isEqualTo(counts);
      }
      counts[apportionment.corpus(t)]++;
    }
  }

  @Test
  void sharesStayExactAtLargePositions() {
    double[] shares = {1 / 3.0, 0.1, 0.1, 0.1, 0.1, 0.1, 1 / 12.0, 1 / 12.0};
    long far = 3_000_000;

    long[] counts = new Apportionment(shares).counts(far);

    for (int i = 0; i < shares.length; i++) {
      assertThat((double) counts[i]).isBetween(far * shares[i] - 1, far * shares[i] + 1);
    }
  }

  @Test
  void refusesAShareOfZero() {
    assertThatThrownBy(() -> new Apportionment(new double[] {1, 0}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Apportionment(new double[] {1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
