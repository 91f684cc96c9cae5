package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MixtureModelsTest {
  private static final ToDoubleBiFunction<double[], TrainingScale> BENT =
      (r, scale) -> 1.5 + 2 * Math.exp(-1.2 * r[0] + 0.4 * r[1] - 0.3 * r[2]);

  @Test
  void weightsAreTheLeastSquaresOnes() {
    MixtureRuns runs = Simulated.runs(6, 60, 0.02, BENT);

    MixtureFit fit = MixtureModel.linear().fit(runs, "domain", Resamples.none()).orElseThrow();

    double[] other =
        new SingularValueDecomposition(MatrixUtils.createRealMatrix(runs.shares()))
            .getSolver()
            .solve(new ArrayRealVector(runs.losses("domain")))
            .toArray();
    assertThat(fit.parameters().values().stream().mapToDouble(e -> e.value()).toArray())
        .containsExactly(other, within(1e-11));
  }

  @Test
  void theMixingLawIsRecovered() {
    MixtureFit fit =
        MixtureModel.mixing()
            .fit(Simulated.runs(4, 40, 0, BENT), "domain", Resamples.of(100, 1))
            .orElseThrow();

    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20; i++) {
      double[] shares = Simulated.shares(4, random);
      assertThat(fit.loss(shares))
          .isCloseTo(BENT.applyAsDouble(shares, TrainingScale.UNSAID), within(1e-7));
    }
    assertThat(fit.parameters().get("t_s0").value()).isCloseTo(-1.2, within(1e-4));
  }

  @ParameterizedTest
  @MethodSource("models")
  void intervalsContainTheTrueValueAndDoNotDependOnThreads(MixtureModel model) {
    MixtureRuns runs = Simulated.runs(4, 200, 0.005, BENT);
    double[] middle = {0.25, 0.25, 0.25, 0.25};
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      MixtureFit alone = model.fit(runs, "domain", Resamples.of(100, 7)).orElseThrow();
      MixtureFit shared = model.fit(runs, "domain", new Resamples(100, 7, pool)).orElseThrow();

      assertThat(shared.predict(middle, TrainingScale.UNSAID))
          .isEqualTo(alone.predict(middle, TrainingScale.UNSAID));
      assertThat(alone.predict(middle, TrainingScale.UNSAID).interval().low())
          .isLessThan(alone.loss(middle));
      assertThat(alone.predict(middle, TrainingScale.UNSAID).interval().high())
          .isGreaterThan(alone.loss(middle));
      assertThat(shared.parameters()).isEqualTo(alone.parameters());
    } finally {
      pool.shutdown();
    }
  }

  static Stream<MixtureModel> models() {
    return Stream.of(MixtureModel.linear(), MixtureModel.mixing());
  }

  @ParameterizedTest
  @MethodSource("models")
  void checkpointsOfARunAreNotIndependent(MixtureModel model) {
    MixtureRuns runs = Simulated.runs(3, 40, 0.02, BENT);
    List<MixtureRuns.Run> rows = new ArrayList<>();
    for (MixtureRuns.Run r : runs.rows()) {
      for (int i = 0; i < 5; i++) {
        rows.add(
            new MixtureRuns.Run(
                r.label(), r.shares(), r.scale(), r.losses(), 1, Optional.of(r.label())));
      }
    }
    MixtureRuns checkpoints = MixtureRuns.of(runs.sources(), runs.domains(), rows);

    assertThat(width(model, checkpoints) / width(model, runs)).isBetween(0.75, 1.1);
  }

  private static double width(MixtureModel model, MixtureRuns runs) {
    Interval interval =
        model
            .fit(runs, "domain", Resamples.of(200, 3))
            .orElseThrow()
            .predict(new double[] {0.5, 0.3, 0.2}, TrainingScale.UNSAID)
            .interval();
    return interval.high() - interval.low();
  }

  @Test
  void rowsCountByTheirWeights() {
    MixtureRuns runs = Simulated.runs(3, 40, 0, BENT);
    double[] middle = {0.3, 0.3, 0.4};
    for (MixtureModel model :
        List.of(MixtureModel.linear(), MixtureModel.mixing(), MixtureModel.kriging())) {
      double shift =
          model.fit(Simulated.twice(runs), "domain", Resamples.none()).orElseThrow().loss(middle)
              - model.fit(runs, "domain", Resamples.none()).orElseThrow().loss(middle);
      assertThat(shift).as(model.id()).isBetween(0.85, 1.01);
    }
  }

  @Test
  void krigingRefusesCheckpoints() {
    MixtureRuns.Run run =
        new MixtureRuns.Run(
            "a",
            new double[] {0.5, 0.3, 0.2},
            TrainingScale.UNSAID,
            new double[] {3},
            1,
            Optional.of("a"));
    List<MixtureRuns.Run> rows = new ArrayList<>(Simulated.runs(3, 40, 0, BENT).rows());
    rows.add(run);
    rows.add(run);
    MixtureRuns runs = MixtureRuns.of(List.of("s0", "s1", "s2"), List.of("domain"), rows);
    assertRefused(
        MixtureModel.kriging().fit(runs, "domain", Resamples.none()), "the same training run");
  }

  @Test
  void allDomainsAreFittedEvenInAPoolOfOneThread() {
    List<MixtureRuns.Run> two = new ArrayList<>();
    Simulated.runs(3, 40, 0.01, BENT)
        .rows()
        .forEach(
            r ->
                two.add(
                    new MixtureRuns.Run(
                        r.label(), r.shares(), new double[] {r.losses()[0], 2 * r.losses()[0]})));
    MixtureRuns runs = MixtureRuns.of(List.of("s0", "s1", "s2"), List.of("x", "y"), two);
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      for (int resamples : new int[] {0, 100}) {
        List<Double> parts = new ArrayList<>();
        List<MixtureFit> fits =
            MixtureModel.linear()
                .fitAll(runs, new Resamples(resamples, 0, pool).progress(parts::add))
                .orElseThrow();

        assertThat(parts).isSorted().hasSize(2 * resamples);
        assertThat(resamples == 0 || parts.contains(1.0)).isTrue();
        assertThat(fits).extracting(MixtureFit::domain).containsExactly("x", "y");
        assertThat(fits.get(0).draws()).hasSize(resamples);
        assertThat(fits.get(1).loss(0.2, 0.3, 0.5))
            .isCloseTo(2 * fits.get(0).loss(0.2, 0.3, 0.5), within(1e-12));
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void theJointFormsBestShareMovesWithTheBudget() {
    ToDoubleBiFunction<double[], TrainingScale> truth =
        (r, s) -> {
          double n = s.params().orElseThrow().count();
          double d = s.tokens().orElseThrow().count();
          // source a lowers the term over tokens more; source b lowers the other two terms more
          return 1.5
              + 0.2 / (Math.pow(r[0], 0.3) + 2 * Math.pow(r[1], 0.6))
              + 400 * Math.pow(r[0] + 1.5 * r[1], -0.5) * Math.pow(n, -0.34)
              + 1400 * Math.pow(r[0] + 0.4 * r[1], -0.7) * Math.pow(d, -0.37);
        };
    SplittableRandom random = new SplittableRandom(1);
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (double share : new double[] {0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95}) {
      for (long n : new long[] {1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000}) {
        for (long d : new long[] {20_000_000, 80_000_000, 320_000_000, 1_280_000_000}) {
          TrainingScale scale = TrainingScale.of(new Params(n), new Tokens(d));
          double[] shares = {share, 1 - share};
          double noise = Math.exp(1e-4 * random.nextGaussian());
          runs.add(
              new MixtureRuns.Run(
                  "r" + share + n + d,
                  shares,
                  scale,
                  new double[] {truth.applyAsDouble(shares, scale) * noise}));
        }
      }
    }

    MixtureFit fit =
        MixtureModel.mixtureJoint()
            .fit(
                MixtureRuns.of(List.of("a", "b"), List.of("domain"), runs),
                "domain",
                Resamples.of(100, 0))
            .orElseThrow();

    double early = best(fit, 20_000_000);
    double late = best(fit, 1_280_000_000);
    assertThat(early).isCloseTo(best(truth, 20_000_000), within(0.03));
    assertThat(late).isCloseTo(best(truth, 1_280_000_000), within(0.03));
    assertThat(early).isGreaterThan(late + 0.1);
  }

  private static double best(MixtureFit fit, long tokens) {
    TrainingScale scale = TrainingScale.of(new Params(10_000_000), new Tokens(tokens));
    return Proposer.of(fit).at(scale).best("domain").orElseThrow().part("a").share();
  }

  private static double best(ToDoubleBiFunction<double[], TrainingScale> truth, long tokens) {
    TrainingScale scale = TrainingScale.of(new Params(10_000_000), new Tokens(tokens));
    double best = 0;
    for (double a = 0.001; a < 1; a += 0.001) {
      if (truth.applyAsDouble(new double[] {a, 1 - a}, scale)
          < truth.applyAsDouble(new double[] {best, 1 - best}, scale)) {
        best = a;
      }
    }
    return best;
  }

  @Test
  void biMixSaysNothingWithoutItsSource() {
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (long d : new long[] {1_000_000, 4_000_000, 16_000_000, 64_000_000, 256_000_000}) {
      for (double r : new double[] {0.1, 0.3, 0.6, 1}) {
        runs.add(
            new MixtureRuns.Run(
                "r" + r + d,
                new double[] {r, 1 - r},
                TrainingScale.of(new Params(1_000_000), new Tokens(d)),
                new double[] {(900 * Math.pow(d, -0.4) + 1.7) * Math.pow(r, -0.07)}));
      }
    }
    MixtureFit fit =
        MixtureModel.biMix("own")
            .fit(
                MixtureRuns.of(List.of("own", "other"), List.of("domain"), runs),
                "domain",
                Resamples.of(100, 0))
            .orElseThrow();

    Proposal proposal = Proposer.of(fit).natural(Map.of("other", 1.0)).best("domain").orElseThrow();

    assertThat(fit.parameters().get("b").value()).isCloseTo(0.07, within(1e-6));
    assertThat(proposal.part("own").share()).isCloseTo(1, within(1e-9));
    assertThat(proposal.baselines()).extracting(Proposal.Baseline::name).containsExactly("uniform");
    assertThat(proposal.warnings()).contains("the model is not defined at the natural mixture");
    assertThatThrownBy(
            () ->
                MixtureModel.biMix("owm")
                    .fit(
                        MixtureRuns.of(List.of("own", "other"), List.of("domain"), runs),
                        "domain",
                        Resamples.none()))
        .hasMessageContaining("share_owm")
        .hasMessageContaining("[own, other]");
  }

  @Test
  void whatTheRunsCannotTellIsRefused() {
    MixtureRuns few = Simulated.runs(6, 6, 0.1, BENT);
    assertRefused(
        MixtureModel.linear().fit(few, "domain", Resamples.none()), "at least 7 are needed");
    assertRefused(
        MixtureModel.mixing().fit(few, "domain", Resamples.none()), "at least 8 are needed");
    assertRefused(
        MixtureModel.boosting().fit(few, "domain", Resamples.none()), "at least 20 are needed");
    assertRefused(
        MixtureModel.linear().fit(few.at(0), "domain", Resamples.none()), "1 distinct mixtures");

    MixtureRuns alike = Simulated.runs(3, 30, 0, (r, s) -> 3);
    for (MixtureModel model : models().toList()) {
      assertRefused(model.fit(alike, "domain", Resamples.none()), "the same loss on domain (3.0");
    }

    List<MixtureRuns.Run> never = new ArrayList<>();
    List<MixtureRuns.Run> tied = new ArrayList<>();
    List<MixtureRuns.Run> sizes = new ArrayList<>();
    for (int i = 1; i < 30; i++) {
      double r = i / 30.0;
      never.add(new MixtureRuns.Run("r" + i, new double[] {r, 1 - r, 0}, new double[] {3 + r}));
      tied.add(
          new MixtureRuns.Run(
              "r" + i, new double[] {r, (1 - r) / 2, (1 - r) / 2}, new double[] {3 + r}));
      TrainingScale scale =
          TrainingScale.of(new Params(i % 2 == 0 ? 1000 : 2000), new Tokens(1000));
      sizes.add(new MixtureRuns.Run("r" + i, new double[] {r, 1 - r}, scale, new double[] {3 + r}));
    }
    for (MixtureModel model : models().toList()) {
      assertRefused(
          model.fit(
              MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), never),
              "domain",
              Resamples.none()),
          "no run contains any of c");
      assertRefused(
          model.fit(
              MixtureRuns.of(List.of("a", "b"), List.of("domain"), sizes),
              "domain",
              Resamples.none()),
          "2 model sizes and 1 budgets");
    }
    assertRefused(
        MixtureModel.linear()
            .fit(
                MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), tied),
                "domain",
                Resamples.none()),
        "are determined by the shares of others");
    assertRefused(
        MixtureModel.mixtureJoint()
            .fit(
                MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), never),
                "domain",
                Resamples.none()),
        "no run contains any of c");
    assertRefused(
        MixtureModel.mixtureJoint().fit(alikeButScaleless(), "domain", Resamples.none()),
        "size of some runs is unknown");
  }

  private static MixtureRuns alikeButScaleless() {
    return Simulated.runs(3, 30, 0.1, BENT);
  }

  private static void assertRefused(Answer<MixtureFit> answer, String reason) {
    assertThat(answer).returns(false, Answer::isKnown);
    assertThat(answer.toString()).contains(reason).contains("domain");
  }
}
