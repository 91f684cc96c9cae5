package dev.mixlaw.mix.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermCounterTest {
  @TempDir Path directory;

  /** Returns 60,000 random terms, among them negative ones and zero. Small numbers are frequent. */
  private static long[] terms() {
    Random random = new Random(5);
    return random.longs(60_000).map(x -> (x >> (random.nextInt(56) + 8)) - 3).toArray();
  }

  private static TermCounts counts(TermCounter counter, long... terms) {
    counter.addAll(terms);
    return counter.finish();
  }

  private static Map<Long, Long> table(TermCounts counts) {
    Map<Long, Long> table = new TreeMap<>();
    try (CountCursor cursor = counts.cursor()) {
      while (cursor.next()) {
        assertThat(table.put(cursor.term(), cursor.count())).isNull();
      }
    }
    return table;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void spilledCountsEqualCountsInMemory() throws IOException {
    long[] terms = terms();
    Map<Long, Long> expected = new TreeMap<>();
    for (long term : terms) {
      expected.merge(term, 1L, Long::sum);
    }
    // at most 60 terms fit in memory, so the counter writes hundreds of temporary files and merges
    // them
    try (TermCounter small = new TermCounter(60, directory);
        TermCounter large = new TermCounter()) {
      small.addAll(terms);
      large.addAll(terms);
      assertThat(files()).isBetween(2L, 66L);
      try (TermCounts spilled = small.finish();
          TermCounts held = large.finish()) {
        assertThat(table(spilled)).isEqualTo(expected);
        assertThat(table(held)).isEqualTo(expected);
        assertThat(spilled.types()).isEqualTo(expected.size()).isEqualTo(held.types());
        assertThat(spilled.total()).isEqualTo(60_000).isEqualTo(held.total());
        assertThat(spilled.entropy()).isEqualTo(held.entropy());
        assertThat(files()).isEqualTo(1);
      }
    }
    assertThat(files()).isZero();
  }

  @Test
  void aClosedCounterLeavesNoFiles() throws IOException {
    try (TermCounter counter = new TermCounter(10, directory)) {
      counter.addAll(terms());
    }
    assertThat(files()).isZero();
  }

  @Test
  void reportsADirectoryThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    try (TermCounter counter = new TermCounter(10, file)) {
      assertThatThrownBy(() -> counter.addAll(terms()))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("java.io.tmpdir");
    }
  }

  @Test
  void entropyFollowsFromTheFrequencies() {
    try (TermCounter counter = new TermCounter();
        TermCounts counts = counts(counter, 7, 7, 8, 9)) {
      assertThat(counts.entropy()).isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(4), within(1e-15));
    }
  }

  @Test
  void ngramsDependOnTheOrderOfWords() {
    long[] grams = TermCounter.ngrams(new long[] {1, 2, 1, 2, 3}, 2);

    assertThat(grams).hasSize(4);
    assertThat(grams[0]).isEqualTo(grams[2]).isNotEqualTo(grams[1]);
    assertThat(TermCounter.ngrams(new long[] {1, 2}, 3)).isEmpty();
  }
}
