package dev.mixlaw.mix.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.internal.Hashing;
import org.junit.jupiter.api.Test;

class PermutationTest {
  @Test
  void isAPermutation() {
    for (int size = 1; size <= 400; size++) {
      assertBijection(size, size * 31L);
    }
    assertBijection(65_536, 1);
    assertBijection(65_537, 2);
    assertBijection(100_003, 3);
  }

  private static void assertBijection(int size, long key) {
    Permutation permutation = new Permutation(size, key);
    boolean[] taken = new boolean[size];
    for (int i = 0; i < size; i++) {
      int place = (int) permutation.at(i);
      assertThat(taken[place]).as("place %d of %d", place, size).isFalse();
      taken[place] = true;
    }
  }

  @Test
  void isUniformOverKeys() {
    for (int size : new int[] {2, 3, 5, 10, 17}) {
      int keys = 20_000;
      for (int index : new int[] {0, size - 1}) {
        int[] hits = new int[size];
        for (int key = 0; key < keys; key++) {
          hits[(int) new Permutation(size, Hashing.mix64(key)).at(index)]++;
        }
        double expected = (double) keys / size;
        double chiSquare = 0;
        for (int hit : hits) {
          chiSquare += (hit - expected) * (hit - expected) / expected;
        }
        // the statistic has a mean of size - 1 and a standard deviation of sqrt(2 (size - 1)); the
        // test is seeded, so it cannot fail by chance
        assertThat(chiSquare).isLessThan(size - 1 + 5 * Math.sqrt(2.0 * (size - 1)));
      }
    }
  }

  @Test
  void separatesNeighbours() {
    int size = 10_000;
    Permutation permutation = new Permutation(size, 42);
    int near = 0;
    for (int i = 0; i + 1 < size; i++) {
      near += Math.abs(permutation.at(i) - permutation.at(i + 1)) <= 5 ? 1 : 0;
    }
    assertThat(near).isLessThan(30); // 10 are expected of a random shuffle
  }

  @Test
  void supportsSizesBeyondAnInteger() {
    long size = (1L << 40) + 12_345;
    Permutation permutation = new Permutation(size, 7);
    for (long i = size - 1000; i < size; i++) {
      assertThat(permutation.at(i)).isBetween(0L, size - 1);
    }
  }

  @Test
  void refusesASizeOfZero() {
    assertThatThrownBy(() -> new Permutation(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
