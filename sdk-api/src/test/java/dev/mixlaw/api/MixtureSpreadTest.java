package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixtureSpreadTest {
  private static final List<Corpus> FIVE = corpora(5);

  private static List<Corpus> corpora(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> Corpus.jsonl(Path.of("c" + i + ".jsonl")))
        .toList();
  }

  @Test
  void equalCorporaAndSeedGiveEqualMixturesAndMoreBeginWithFewer() {
    List<Mixture> few = Mixture.spread(FIVE, 12, 7);

    assertThat(Mixture.spread(corpora(5), 12, 7)).isEqualTo(few);
    assertThat(Mixture.spread(FIVE, 40, 7).subList(0, 12)).isEqualTo(few);
    assertThat(Mixture.spread(FIVE, 12, 8)).isNotEqualTo(few);
  }

  @Test
  void everyMixtureIsSoundUniqueAndOfWholePercents() {
    List<Mixture> all = Mixture.spread(FIVE, 120, 1);

    assertThat(all.stream().map(Mixture::shares).distinct()).hasSize(120);
    assertThat(all.stream().map(Mixture::name).distinct()).hasSize(120);
    assertThat(all.get(0).name()).isEqualTo("mix-01");
    assertThat(all.get(0).shares().values()).allMatch(s -> s == 0.2);
    assertThat(all)
        .allSatisfy(
            m -> {
              assertThat(m.shares().values().stream().mapToDouble(s -> s).sum())
                  .isCloseTo(1, within(1e-9));
              assertThat(m.shares().values())
                  .allMatch(s -> s >= 0.02 && Math.abs(100 * s - Math.rint(100 * s)) < 1e-9);
            });
  }

  @Test
  void theyLieFartherApartThanMixturesDrawnAtRandom() {
    double spread = nearestPair(Mixture.spread(FIVE, 20, 3));

    SplittableRandom random = new SplittableRandom(3);
    double drawn = 0;
    for (int i = 0; i < 200; i++) {
      drawn = Math.max(drawn, nearestPair(random(random, 20)));
    }
    assertThat(spread).isGreaterThan(1.2 * drawn);
  }

  private static List<Mixture> random(SplittableRandom random, int number) {
    return IntStream.range(0, number)
        .mapToObj(
            i -> {
              double[] weights =
                  FIVE.stream().mapToDouble(c -> -Math.log(1 - random.nextDouble())).toArray();
              double sum = java.util.Arrays.stream(weights).sum();
              Mixture mixture = Mixture.named("r" + i);
              for (int j = 0; j < weights.length; j++) {
                mixture = mixture.with(FIVE.get(j), weights[j] / sum);
              }
              return mixture;
            })
        .toList();
  }

  private static double nearestPair(List<Mixture> mixtures) {
    double nearest = Double.POSITIVE_INFINITY;
    for (Mixture a : mixtures) {
      for (Mixture b : mixtures) {
        if (a != b) {
          nearest = Math.min(nearest, distance(a, b));
        }
      }
    }
    return nearest;
  }

  private static double distance(Mixture a, Mixture b) {
    return FIVE.stream().mapToDouble(c -> share(a, c) - share(b, c)).map(d -> d * d).sum();
  }

  private static double share(Mixture mixture, Corpus corpus) {
    return mixture.shareOf(corpus.name()).orElse(0);
  }

  @Test
  void theyKeepAwayFromWhatIsRunAnyway() {
    Mixture alone = Mixture.of(FIVE.get(0));
    Mixture even =
        FIVE.stream().reduce(Mixture.named("even"), (m, c) -> m.with(c, 0.2), (a, b) -> a);

    List<Mixture> beside = MixtureSpread.over(FIVE).beside(alone, even).mixtures(15, 5);

    assertThat(beside).noneMatch(m -> m.shares().equals(even.shares()));
    assertThat(beside).allMatch(m -> share(m, FIVE.get(0)) < 1);
    Mixture second = Mixture.spread(FIVE, 2, 5).get(1);
    double apart = nearestPair(Mixture.spread(FIVE, 15, 5));
    assertThat(MixtureSpread.over(FIVE).beside(second).mixtures(14, 5))
        .allMatch(m -> distance(m, second) > 0.9 * apart);
  }

  @Test
  void noMoreIsTakenOfACorpusThanThereIsOfIt() {
    List<TextFacts> text = List.of(facts("c0", 10_000), facts("c3", 20_000), facts("c9", 1));
    Tokens budget = Tokens.tokens("400k");

    List<Mixture> mixtures = MixtureSpread.over(FIVE).within(text, budget, 4).mixtures(60, 2);

    assertThat(mixtures)
        .allMatch(m -> share(m, FIVE.get(0)) <= 0.09 + 1e-12) // 4 · 10k / 400k - 0.01
        .allMatch(m -> share(m, FIVE.get(3)) <= 0.19 + 1e-12)
        .anyMatch(m -> share(m, FIVE.get(0)) == 0.09)
        .anyMatch(m -> share(m, FIVE.get(1)) > 0.5);
    assertThat(mixtures.get(0).shares().get("c1")).isEqualTo(0.24);
  }

  private static TextFacts facts(String name, long tokens) {
    return new TextFacts(
        name, CorpusKind.NATURAL, Optional.empty(), 10, tokens, 4 * tokens, 0, "x");
  }

  @Test
  void aShareThatMayNotReachTheLeastIsLeftOut() {
    assertThat(MixtureSpread.over(FIVE).atMost("c2", 0.015).mixtures(30, 2))
        .allMatch(m -> m.shareOf("c2").isEmpty());
    assertThat(MixtureSpread.over(FIVE).atMost("c2", 0.015).atLeast(0.004).mixtures(30, 2))
        .anyMatch(m -> share(m, FIVE.get(2)) == 0.015)
        .allMatch(m -> m.shares().values().stream().allMatch(s -> s >= 0.004));
  }

  @Test
  void manyCorporaHaveSharesToo() {
    List<Mixture> mixtures = Mixture.spread(corpora(40), 50, 1);

    assertThat(mixtures).hasSize(50);
    assertThat(mixtures.get(0).shares().values()).allMatch(s -> s == 0.025);
    assertThat(mixtures).allMatch(m -> m.shares().values().stream().allMatch(s -> s > 0.0124));
  }

  @Test
  void impossibleSpreadsAreRefusedWithTheReason() {
    assertThatThrownBy(() -> Mixture.spread(FIVE.subList(0, 1), 3, 0))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("[c0]");
    assertThatThrownBy(() -> Mixture.spread(List.of(FIVE.get(0), FIVE.get(0)), 3, 0))
        .hasMessageContaining("different names");
    assertThatThrownBy(() -> Mixture.spread(FIVE.subList(0, 2), 200, 0))
        .hasMessageContaining("200")
        .hasMessageContaining("from 1 to 9");
    assertThatThrownBy(() -> Mixture.spread(FIVE, 0, 0)).hasMessageContaining("from 1");
    assertThatThrownBy(
            () ->
                MixtureSpread.over(FIVE.subList(0, 2))
                    .atMost("c0", 0.3)
                    .atMost("c1", 0.5)
                    .mixtures(3, 0))
        .hasMessageContaining("c0 up to 30.0 %, c1 up to 50.0 %");
    assertThatThrownBy(() -> MixtureSpread.over(FIVE).atMost("c9", 0.3))
        .hasMessageContaining("one of [c0, c1");
    assertThatThrownBy(() -> MixtureSpread.over(FIVE).atLeast(0.3))
        .hasMessageContaining("even share of 5");
  }
}
