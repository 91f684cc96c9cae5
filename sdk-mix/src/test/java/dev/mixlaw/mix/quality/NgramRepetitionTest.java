package dev.mixlaw.mix.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NgramRepetitionTest {
  private static NgramRepetition of(String text) {
    return NgramRepetition.of(text.split(" ", -1));
  }

  @Test
  void theMostFrequentRunCountsEachTime() {
    // the text has 14 letters; "a bb" occurs three times, "bb c" twice
    NgramRepetition text = of("a bb c a bb dd a bb c e");

    assertThat(text.inMostFrequent(2)).isEqualTo(9.0 / 14);
    assertThat(text.inMostFrequent(3)).isEqualTo(8.0 / 14); // a bb c, twice
    assertThat(text.inMostFrequent(4)).as("none occurs twice").isZero();
    assertThat(of("x y longer word x y longer word").inMostFrequent(2))
        .as("the longest of equally frequent n-grams")
        .isEqualTo(20.0 / 24);
  }

  @Test
  void overlappingRepeatsAreCountedOnce() {
    // the last five words are three overlapping 3-grams that occurred before
    assertThat(of("a b c d e f a b c d e").inRepeated(3)).isEqualTo(5.0 / 11);
    assertThat(of("a b c d e f a b c d e").inRepeated(5)).isEqualTo(5.0 / 11);
    assertThat(of("a b c d e f a b c d e").inRepeated(6)).isZero();
    assertThat(of("a b c x a b c y a b c").inRepeated(3)).isEqualTo(6.0 / 11);
    assertThat(of("la la la la").inRepeated(2)).isEqualTo(6.0 / 8);
    assertThat(of("").inRepeated(5)).isZero();
    assertThat(of("one two").inRepeated(5)).isZero();
  }

  /**
   * Compares the result with a simple implementation, which marks all words of each n-gram that
   * occurred before.
   */
  @Test
  void agreesWithMarkingWords() {
    SplittableRandom random = new SplittableRandom(9);
    for (int draw = 0; draw < 200; draw++) {
      String[] words = new String[1 + random.nextInt(60)];
      for (int i = 0; i < words.length; i++) {
        words[i] = "abcdefg".substring(0, 1 + random.nextInt(3));
      }
      int n = 2 + random.nextInt(4);
      boolean[] marked = new boolean[words.length];
      for (int i = 0; i + n <= words.length; i++) {
        for (int j = 0; j < i; j++) {
          boolean same = true;
          for (int k = 0; k < n; k++) {
            same &= words[i + k].equals(words[j + k]);
          }
          for (int k = 0; same && k < n; k++) {
            marked[i + k] = true;
          }
        }
      }
      double all = 0;
      double twice = 0;
      for (int i = 0; i < words.length; i++) {
        all += words[i].length();
        twice += marked[i] ? words[i].length() : 0;
      }
      assertThat(NgramRepetition.of(words).inRepeated(n)).isEqualTo(twice / all);
    }
  }
}
