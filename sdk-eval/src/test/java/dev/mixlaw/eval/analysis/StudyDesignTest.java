package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunDesign.Choice;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawForms;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tests that a few runs, chosen for one question, answer it as precisely as the whole grid of runs.
 */
class StudyDesignTest {
  private static final Params LARGER = new Params(64_000_000);
  private static final Tokens MORE = new Tokens(512_000_000);
  private static final int SEEDS = 30;
  private static final Params LARGEST = new Params(16_000_000);
  private static final Tokens MOST = new Tokens(64_000_000);

  @Test
  void chosenRunsReachTheWidthOfTheGridForLessCompute() {
    double[] sum = simulate(LARGER, MORE, 10, 1);
    assertThat(sum[0]).isLessThan(.4);
    assertThat(sum[1]).isLessThan(1.15);
  }

  @Test
  void aMeasuredDifferenceTakesSeedsOfBothMixturesAtItsPoint() {
    // given
    Findings findings = smallStudy(2);
    double flops = 6.0 * LARGEST.count() * MOST.count();
    // when
    Choice<RunKey> choice =
        findings.design(LARGEST, MOST, "hq-33", "web").next(4.5 * flops).orElseThrow();
    // then
    assertThat(choice.runs())
        .doesNotHaveDuplicates()
        .allMatch(k -> k.model().equals("16M") && k.budget().equals(MOST) && k.seed() >= 2)
        .extracting(RunKey::mixture)
        .hasSize(4)
        .contains("hq-33", "web");
    assertThat(choice.flops()).isEqualTo(4 * flops);
    Interval now =
        findings
            .compare(Question.compare("hq-33").at("16M", MOST))
            .orElseThrow()
            .difference()
            .interval();
    assertThat(choice.width())
        .isBetween(.6 * (now.high() - now.low()), .8 * (now.high() - now.low()));
    assertThat(findings.design(LARGEST, MOST, "hq-33", "web").reach(1).orElseThrow().runs())
        .isEmpty();
    assertThat(findings.design(LARGEST, MOST, "web").next(10).toString())
        .contains("no candidate costs at most 10.0 FLOPs");
    assertThat(findings.design(LARGEST, MOST, "web").atMost(2).reach(1e-9).toString())
        .contains("all candidates were run");
  }

  @Test
  void aPointWithoutRunsIsChosenLikeAnyOther() {
    // given a study in which the largest model was not trained with the two largest budgets
    SyntheticRuns study = study(1);
    study.laws.keySet().forEach(m -> study.seeds.put(m, 2));
    List<RunResult> runs =
        only(study.runs(), k -> !k.model().equals("16M") || k.budget().count() <= 16_000_000);
    Findings findings = new StudyAnalyst().analyze(study.provenance(), runs);

    // then
    assertThat(findings.design(LARGER, MORE, "web").next(1e17).orElseThrow().runs())
        .contains(new RunKey("web", "16M", MOST, 2));
  }

  @Test
  void aDesignThatCannotBeComputedIsRefused() {
    Findings findings = smallStudy(1);
    assertThat(findings.design(LARGEST, MOST, "hq-33", "web").next(1e20).toString())
        .contains("seed noise is unknown");
    assertThat(findings.design(LARGER, MORE, "hq-33").next(1e20).toString())
        .contains("next runs for the loss of hq-33 at N=64M, D=512M", "law L(N,D) of hq-33");
    assertThat(findings.design(new Params(64_000_000_000L), MORE, "hq-33").next(1e20).toString())
        .contains("N");
    assertThatThrownBy(() -> findings.design(LARGER, MORE, "books"))
        .hasMessageContaining("books: not in the study");
    assertThatThrownBy(() -> findings.design(LARGER, MORE)).hasMessageContaining("mixtures");
  }

  /** Returns the findings of a study of two mixtures, two models and two budgets. */
  private static Findings smallStudy(int seeds) {
    SyntheticRuns study = study(1);
    study.params = new long[] {8_000_000, 16_000_000};
    study.budgets = new long[] {16_000_000, 64_000_000};
    study.laws.keySet().forEach(m -> study.seeds.put(m, seeds));
    return new StudyAnalyst().analyze(study.provenance(), study.runs());
  }

  /** Returns a simulated study of two mixtures, five models and five budgets. */
  private static SyntheticRuns study(long seed) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000};
    s.budgets = new long[] {1_000_000, 4_000_000, 16_000_000, 32_000_000, 64_000_000};
    s.domains = new String[] {"wiki"};
    s.documents = 20;
    s.documentSpread = .1;
    s.seedSpread = .01;
    s.seedMemory = .8;
    s.seedFactor = (n, d) -> Math.pow(1.6e7 / d, .3);
    s.runDocumentSpread = .01;
    s.seed = seed;
    s.share(0, law(0)).share(.33, law(.33));
    s.laws.keySet().forEach(m -> s.seeds.put(m, SEEDS));
    return s;
  }

  private static SyntheticRuns.Law law(double share) {
    return SyntheticRuns.Law.chinchilla(1.8 + .1 * share, 480, .35, 2000 - 300 * share, .37);
  }

  private static LossPredictor predictor(SyntheticRuns study, List<RunResult> runs) {
    StudyGrid grid = new StudyGrid(study.provenance(), runs, Metric.NATS_PER_TOKEN);
    LossSeries series = ResampledLosses.of(grid, grid.metric(), Set.of()).macro();
    StudyLaws laws = new StudyLaws(grid, series, List.of(LawForms.CHINCHILLA));
    return new LossPredictor(grid, series, laws, false);
  }

  private static Interval difference(LossPredictor at, Params params, Tokens tokens) {
    return LossSeries.difference95(
        at.loss("hq-33", params, tokens).orElseThrow().draws(),
        at.loss("web", params, tokens).orElseThrow().draws());
  }

  private static double width(Interval interval) {
    return interval.high() - interval.low();
  }

  /**
   * Returns the sum of 6·N·D over mixtures, models and seeds, where D is the largest budget of
   * each.
   */
  private static double flops(List<RunResult> runs) {
    return runs.stream()
        .collect(
            Collectors.groupingBy(
                r -> List.of(r.key().mixture(), r.key().model(), r.key().seed()),
                Collectors.summarizingDouble(
                    r -> 6.0 * r.nonEmbeddingParameters() * r.key().budget().count())))
        .values()
        .stream()
        .mapToDouble(s -> s.getMax())
        .sum();
  }

  /**
   * Simulates a user who adds runs until the interval of the difference between hq-33 and web at a
   * point is as narrow as that of the whole grid with three seeds. The first runs are two seeds of
   * all models at the two smallest budgets, and of the two smallest models at all budgets.
   *
   * @return means over the repetitions: compute divided by that of the grid, width of the interval
   *     divided by the mean width from the grid, fraction of intervals that contain the true
   *     difference, and number of steps in which runs were added
   */
  private static double[] simulate(Params params, Tokens tokens, int repeats, int repetitions) {
    double truth =
        law(.33).loss(params.count(), tokens.count()) - law(0).loss(params.count(), tokens.count());
    double wanted =
        IntStream.range(0, Math.min(10, repetitions))
            .mapToDouble(
                i -> {
                  SyntheticRuns study = study(-1 - i);
                  return width(
                      difference(
                          predictor(study, only(study.runs(), k -> k.seed() < 3)), params, tokens));
                })
            .average()
            .orElseThrow();
    double[] sums = new double[4];
    for (int i = 0; i < repetitions; i++) {
      SyntheticRuns study = study(i + 1);
      List<RunResult> all = study.runs();
      Set<RunKey> trained = new HashSet<>();
      only(
              all,
              k ->
                  k.seed() < 2
                      && (k.budget().count() <= 4_000_000
                          || List.of("1M", "2M").contains(k.model())))
          .forEach(r -> trained.add(r.key()));
      LossPredictor at = predictor(study, only(all, trained::contains));
      int steps = 0;
      for (; steps < 20; steps++) {
        List<RunKey> next =
            StudyDesign.of(at, params, tokens, List.of("hq-33", "web"))
                .atMost(repeats)
                .reach(wanted)
                .map(c -> c.runs())
                .toOptional()
                .orElse(List.of());
        if (next.isEmpty()) {
          break;
        }
        trained.addAll(next);
        at = predictor(study, only(all, trained::contains));
      }
      Interval own = difference(at, params, tokens);
      sums[0] +=
          flops(only(all, trained::contains)) / flops(only(all, k -> k.seed() < 3)) / repetitions;
      sums[1] += width(own) / wanted / repetitions;
      sums[2] += (own.contains(truth) ? 1.0 : 0) / repetitions;
      sums[3] += (double) steps / repetitions;
    }
    return sums;
  }

  private static List<RunResult> only(List<RunResult> runs, Predicate<RunKey> which) {
    return runs.stream().filter(r -> which.test(r.key())).toList();
  }

  /** Prints the rows of BENCHMARKS.md; the argument is the number of repetitions. */
  public static void main(String[] args) {
    for (int repeats : new int[] {5, 10}) {
      double[] sum = simulate(LARGER, MORE, repeats, Integer.parseInt(args[0]));
      System.out.printf(
          Locale.ROOT,
          "| study | difference at 4 N and 8 D | %d | %.1f %% | %.2f | %.1f %% | %.1f |%n",
          repeats,
          100 * sum[0],
          sum[1],
          100 * sum[2],
          sum[3]);
    }
  }
}
