package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BytePairTrainerTest {
  private static List<String> learned(BytePairTokenizer tokenizer) {
    List<String> tokens = new ArrayList<>();
    for (int id = 256; id < tokenizer.vocabulary() - 1; id++) {
      tokens.add(new String(tokenizer.bytes(id), StandardCharsets.ISO_8859_1));
    }
    return tokens;
  }

  @Test
  void mergesTheMostFrequentPairFirstAndTheSmallerIdsAmongEquals() {
    BytePairTrainer trainer = new BytePairTrainer();
    trainer.add("low low low low low lower lower newest newest newest newest newest newest");

    // "we" occurs 8 times (in lower and newest) and "lo" 7 times; of the pairs that occur 6 times,
    // " n" has the smallest ids
    assertThat(learned(trainer.train(261)).subList(0, 3)).containsExactly("we", "lo", " n");
  }

  @Test
  void equalsANaiveImplementation() {
    for (int seed = 0; seed < 30; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BytePairTrainer trainer = new BytePairTrainer();
      List<String> words = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        StringBuilder word = new StringBuilder();
        for (int k = random.nextInt(12); k >= 0; k--) {
          word.append((char) ('a' + random.nextInt(2 + seed % 3)));
        }
        words.add(word.toString());
        trainer.add(word.toString());
      }

      assertThat(learned(trainer.train(330))).as("seed %d", seed).isEqualTo(slowly(words, 73));
    }
  }

  /**
   * Returns the tokens that a simple implementation learns. It represents tokens as strings; their
   * ids follow from the order in which they are learned.
   */
  private static List<String> slowly(List<String> words, int most) {
    List<List<String>> split = new ArrayList<>();
    words.forEach(
        w -> split.add(new ArrayList<>(w.chars().mapToObj(Character::toString).toList())));
    List<String> learned = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    for (int c = 0; c < 256; c++) {
      ids.put(Character.toString(c), c);
    }
    while (learned.size() < most) {
      Map<Long, Long> counts = new TreeMap<>();
      Map<Long, String[]> pairs = new HashMap<>();
      for (List<String> word : split) {
        for (int i = 0; i + 1 < word.size(); i++) {
          long key = (long) ids.get(word.get(i)) << 32 | ids.get(word.get(i + 1));
          counts.merge(key, 1L, Long::sum);
          pairs.put(key, new String[] {word.get(i), word.get(i + 1)});
        }
      }
      long best = -1;
      for (Map.Entry<Long, Long> e : counts.entrySet()) {
        if (best < 0 || e.getValue() > counts.get(best)) {
          best = e.getKey();
        }
      }
      if (best < 0 || counts.get(best) < 2) {
        break;
      }
      String[] pair = pairs.get(best);
      String merged = pair[0] + pair[1];
      if (!ids.containsKey(merged)) {
        ids.put(merged, 256 + learned.size());
        learned.add(merged);
      }
      for (List<String> word : split) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i).equals(pair[0]) && word.get(i + 1).equals(pair[1])) {
            word.set(i, merged);
            word.remove(i + 1);
          }
        }
      }
    }
    return learned;
  }

  @Test
  void doesNotDependOnTheOrderOfTexts() {
    List<String> texts = new ArrayList<>(Texts.HARD);
    texts.addAll(Texts.HARD);
    BytePairTrainer one = new BytePairTrainer();
    texts.forEach(one::add);
    Collections.shuffle(texts, new Random(9));
    BytePairTrainer other = new BytePairTrainer();
    texts.forEach(other::add);

    assertThat(other.train(600).fingerprint()).isEqualTo(one.train(600).fingerprint());
  }

  @Test
  void learnsNoPairThatOccursOnce() {
    BytePairTrainer trainer = new BytePairTrainer();
    trainer.add("abcdefg");

    assertThat(trainer.train(32768).vocabulary()).isEqualTo(257);
  }

  @Test
  void hasExactlyTheVocabularyAskedFor() {
    BytePairTrainer trainer = new BytePairTrainer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      trainer.add(Texts.patchwork(random, 100));
    }

    assertThat(trainer.train(257).vocabulary()).isEqualTo(257);
    assertThat(trainer.train(400).vocabulary()).isEqualTo(400);
    assertThat(trainer.train(400).endOfText()).isEqualTo(399);
  }

  /** In text without spaces, such as DNA, a merge that scans whole words would take minutes. */
  @Test
  void longWordsTakeNoLongerThanShortOnes() {
    BytePairTrainer trainer = new BytePairTrainer();
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      word.append("ACGT".charAt(random.nextInt(4)));
    }
    trainer.add(word.toString());
    trainer.add("A".repeat(100_000));
    BytePairTokenizer tokenizer = trainer.train(2048);

    assertThat(tokenizer.vocabulary()).isEqualTo(2048);
    assertThat(tokenizer.decode(tokenizer.encode(word.toString()))).isEqualTo(word.toString());
    assertThat(tokenizer.encode(word.toString())).hasSizeLessThan(55_000);
  }

  @Test
  void refusesAVocabularyWithoutRoomForAllBytes() {
    assertThatThrownBy(() -> new BytePairTrainer().train(256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256")
        .hasMessageContaining("257");
  }
}
