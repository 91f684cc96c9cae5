package dev.mixlaw.mix.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.token.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureSamplerTest {
  private static final int CONTEXT = 8;

  @TempDir Path directory;
  private final Map<String, TokenShard> shards = new LinkedHashMap<>();
  private Corpus a;
  private Corpus b;
  private Corpus tiny;

  /** Creates corpora whose tokens are bytes; token 256 ends a document. */
  @BeforeEach
  void write() {
    a = corpus("a", 'A', 10, 43); // 10 · 44 tokens: (440 - 1) / 8 = 54 sequences
    b = corpus("b", 'a', 7, 99); // 7 · 100 tokens: 87 sequences
    tiny = corpus("tiny", '0', 1, 7); // 8 tokens: none
  }

  private Corpus corpus(String name, char first, int documents, int length) {
    Tokenizer bytes = Tokenizers.train(257, text -> {});
    List<Document> all = new ArrayList<>();
    int next = 0;
    for (int d = 0; d < documents; d++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append((char) (first + next++ % 26));
      }
      all.add(new Document(name + d, text.toString()));
    }
    Corpus corpus = Corpus.documents(name, () -> DocumentStream.of(all));
    Path file = directory.resolve(name);
    Shards.write(file, DocumentStream.of(all), bytes);
    shards.put(name, TokenShard.open(file, corpus));
    return corpus;
  }

  @AfterEach
  void close() {
    shards.values().forEach(TokenShard::close);
  }

  private MixtureSampler sampler(Mixture mixture, long seed) {
    return new MixtureSampler(mixture.shares(), shards, CONTEXT, seed);
  }

  private static int[] read(MixtureSampler sampler, long position) {
    int[] sequence = new int[CONTEXT + 1];
    sampler.read(position, sequence, 0);
    return sequence;
  }

  private List<Integer> starts(MixtureSampler sampler, String corpus, int from, int to) {
    int[] all = new int[(int) shards.get(corpus).facts().tokens()];
    shards.get(corpus).copy(0, all, 0, all.length);
    List<Integer> starts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int[] sequence = read(sampler, i);
      starts.add(
          IntStream.iterate(0, s -> s + CONTEXT <= all.length - 1, s -> s + CONTEXT)
              .filter(s -> Arrays.equals(all, s, s + CONTEXT + 1, sequence, 0, CONTEXT + 1))
              .filter(s -> !starts.contains(s))
              .findFirst()
              .orElseThrow());
    }
    return starts;
  }

  @Test
  void anEpochHasEverySequenceOnceAndTheNextOneInAnotherOrder() {
    MixtureSampler sampler = sampler(Mixture.of(a), 1);
    List<Integer> all = IntStream.range(0, 54).map(i -> i * CONTEXT).boxed().toList();

    List<Integer> first = starts(sampler, "a", 0, 54);
    List<Integer> second = starts(sampler, "a", 54, 108);

    assertThat(sampler.available()).containsExactly(Map.entry("a", 54L));
    assertThat(first).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
    assertThat(second).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(first);
  }

  @Test
  void readingIsAPureFunctionOfThePosition() {
    Mixture mixture = Mixture.named("m").with(a, 0.3).with(b, 0.7);
    MixtureSampler sampler = sampler(mixture, 5);
    List<int[]> inOrder = IntStream.range(0, 10_000).mapToObj(i -> read(sampler, i)).toList();

    MixtureSampler other = sampler(mixture, 5);
    boolean same =
        IntStream.range(0, 10_000)
            .parallel()
            .map(i -> 9_999 - i)
            .allMatch(i -> Arrays.equals(read(other, i), inOrder.get(i)));

    assertThat(same).isTrue();
  }

  @Test
  void anotherSeedHasAnotherOrderAndTheSameShares() {
    Mixture mixture = Mixture.named("m").with(a, 0.3).with(b, 0.7);
    MixtureSampler one = sampler(mixture, 1);
    MixtureSampler two = sampler(mixture, 2);

    int same = 0;
    for (int i = 0; i < 100; i++) {
      same += Arrays.equals(read(one, i), read(two, i)) ? 1 : 0;
    }
    assertThat(same).isLessThan(20);
    assertThat(one.counts(101)).isEqualTo(two.counts(101));
  }

  @Test
  void countsAreOfTheSequencesRead() {
    MixtureSampler sampler = sampler(Mixture.named("m").with(a, 0.3).with(b, 0.7), 5);
    long ofA = 0;
    for (int i = 0; i < 1000; i++) {
      int[] sequence = read(sampler, i);
      ofA += Arrays.stream(sequence).anyMatch(id -> id >= 'A' && id <= 'Z') ? 1 : 0;
    }
    assertThat(sampler.counts(1000)).containsExactly(Map.entry("a", 300L), Map.entry("b", 700L));
    assertThat(ofA).isEqualTo(300);
  }

  @Test
  void theOrderWithinACorpusDoesNotDependOnTheMixture() {
    MixtureSampler alone = sampler(Mixture.of(a), 5);
    MixtureSampler mixed = sampler(Mixture.named("m").with(b, 0.5).with(a, 0.5), 5);
    Set<List<Integer>> firstAlone = new HashSet<>();
    Set<List<Integer>> firstMixed = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      firstAlone.add(Arrays.stream(read(alone, i)).boxed().toList());
      firstMixed.add(Arrays.stream(read(mixed, 2L * i + 1)).boxed().toList());
    }
    assertThat(firstMixed).isEqualTo(firstAlone);
  }

  @Test
  void writesAtTheGivenOffset() {
    int[] batch = new int[CONTEXT + 3];
    sampler(Mixture.of(a), 1).read(0, batch, 1);

    assertThat(batch[0]).isZero();
    assertThat(batch[CONTEXT + 2]).isZero();
    assertThat(Arrays.copyOfRange(batch, 1, CONTEXT + 2)).doesNotContain(0);
  }

  @Test
  void reportsAllCorporaShorterThanASequence() {
    corpus("small", '0', 1, 3);
    Mixture mixture =
        Mixture.named("m").with(a, 0.5).with(tiny, 0.25).with(tiny.named("small"), 0.25);

    assertThatThrownBy(() -> sampler(mixture, 1))
        .isInstanceOfSatisfying(MixlawException.class, e -> assertThat(e.problems()).hasSize(2))
        .hasMessageContaining("tiny")
        .hasMessageContaining("small")
        .hasMessageContaining("at least 9 tokens");
  }

  @Test
  void aPositionBeforeTheFirstIsRefused() {
    MixtureSampler sampler = sampler(Mixture.of(a), 1);
    assertThatThrownBy(() -> read(sampler, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sampler.counts(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
