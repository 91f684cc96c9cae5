package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class ProposerTest {
  private static final Map<String, Double> NATURAL = Map.of("a", 0.9, "b", 0.1);

  /**
   * Returns a fit with its minimum at the shares (0.5, 0.3, 0.2); the minima of its draws vary with
   * a standard deviation of 0.05.
   */
  private static MixtureFit bowl() {
    return bowl("domain", 0.5, 0.3, 0.2);
  }

  private static MixtureFit bowl(String domain, double... best) {
    SplittableRandom random = new SplittableRandom(11);
    List<ToDoubleBiFunction<double[], TrainingScale>> draws = new ArrayList<>();
    for (int r = 0; r < 200; r++) {
      double e = 0.05 * random.nextGaussian();
      draws.add(Simulated.bowl(best[0] + e, best[1] - e, best[2]));
    }
    return Simulated.given(domain, Simulated.bowl(best), draws);
  }

  @Test
  void findsTheMinimumWithItsInterval() {
    Proposal best = Proposer.of(bowl()).natural(NATURAL).best("domain").orElseThrow();

    assertThat(best.part("a").share()).isCloseTo(0.5, within(1e-5));
    assertThat(best.part("b").share()).isCloseTo(0.3, within(1e-5));
    assertThat(best.part("c").share()).isCloseTo(0.2, within(1e-5));
    assertThat(best.loss().value()).isCloseTo(2, within(1e-9));
    assertThat(best.part("a").interval().low()).isCloseTo(0.4, within(0.03));
    assertThat(best.part("a").interval().high()).isCloseTo(0.6, within(0.03));
    assertThat(best.part("c").interval().high() - best.part("c").interval().low()).isLessThan(0.01);
  }

  @Test
  void sharesThatTheDrawsCannotDistinguishAreEquallyGood() {
    Proposal best = Proposer.of(bowl()).natural(NATURAL).best("domain").orElseThrow();

    // If the share of a changes by x and the others change in proportion, the loss is not
    // significantly worse as long as x is below about twice the largest error of the minimum in
    // this direction.
    Proposal.Part a = best.part("a");
    assertThat(a.asGood().low()).isBetween(0.25, 0.40);
    assertThat(a.asGood().high()).isBetween(0.60, 0.75);
    assertThat(a.toString()).contains("a 50.0 %").contains("% is significantly worse");
  }

  @Test
  void aSharpMinimumLeavesNoRange() {
    ToDoubleBiFunction<double[], TrainingScale> bowl = Simulated.bowl(0.5, 0.3, 0.2);
    MixtureFit sure = Simulated.given("domain", bowl, Collections.nCopies(100, bowl));

    Proposal best = Proposer.of(sure).natural(NATURAL).best("domain").orElseThrow();

    assertThat(best.parts())
        .allSatisfy(p -> assertThat(p.asGood().high() - p.asGood().low()).isLessThan(1e-9));
  }

  @Test
  void baselinesStandBesideItWithPairedDifferences() {
    Proposal best = Proposer.of(bowl()).natural(NATURAL).best("domain").orElseThrow();

    Proposal.Baseline natural = best.baselines().get(0);
    assertThat(natural.shares()).isEqualTo(inOrder(0.9, 0.1, 0));
    assertThat(natural.loss().value()).isCloseTo(2.24, within(1e-9));
    assertThat(natural.difference().value()).isCloseTo(-0.24, within(1e-9));
    assertThat(natural.difference().interval().high()).isNegative();
    Proposal.Baseline uniform = best.baselines().get(1);
    assertThat(uniform.shares().values()).allMatch(s -> Math.abs(s - 1 / 3.0) < 1e-15);
    assertThat(best.toString()).contains("compared with natural").contains("compared with uniform");
  }

  private static Map<String, Double> inOrder(double a, double b, double c) {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("a", a);
    shares.put("b", b);
    shares.put("c", c);
    return shares;
  }

  @Test
  void aProposalThatIsNoBetterIsCalledSo() {
    Proposal best =
        Proposer.of(bowl())
            .natural(Map.of("a", 0.51, "b", 0.29, "c", 0.2))
            .best("domain")
            .orElseThrow();

    assertThat(best.warnings())
        .contains("no significant difference between the proposal and the natural mixture");
  }

  @Test
  void repeatLimitsAreMet() {
    Proposal best =
        Proposer.of(bowl())
            .natural(NATURAL)
            .repeatLimits(Map.of("a", Tokens.tokens("10M")), Tokens.tokens("100M"), 4)
            .best("domain")
            .orElseThrow();

    // if a is limited to 0.4, the minimum divides its lost share of 0.1 equally between b and c
    assertThat(best.part("a").share()).isCloseTo(0.4, within(1e-9));
    assertThat(best.part("b").share()).isCloseTo(0.35, within(1e-5));
    assertThat(best.part("c").share()).isCloseTo(0.25, within(1e-5));
    assertThat(best.part("a").allowed().high()).isEqualTo(0.4);
    assertThat(best.parts())
        .allSatisfy(p -> assertThat(p.asGood().high()).isLessThanOrEqualTo(p.allowed().high()));
    assertThat(best.warnings())
        .contains("the natural mixture itself does not meet the bounds and repeat limits");
  }

  @Test
  void boundsAreMet() {
    Proposal best =
        Proposer.of(bowl())
            .natural(NATURAL)
            .within("a", 0.6, 0.7)
            .within("b", 0, 0.1)
            .best("domain")
            .orElseThrow();

    assertThat(best.part("a").share()).isCloseTo(0.6, within(1e-5));
    assertThat(best.part("b").share()).isCloseTo(0.1, within(1e-5));
    assertThat(best.part("a").interval().low()).isGreaterThanOrEqualTo(0.6);
  }

  @Test
  void impossibleLimitsAreAnError() {
    Tokens scarce = Tokens.tokens("1M");
    assertThatThrownBy(
            () ->
                Proposer.of(bowl())
                    .repeatLimits(
                        Map.of("a", scarce, "b", scarce, "c", scarce), Tokens.tokens("100M"), 4)
                    .best("domain"))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("a 0.0 to 4.0 %, b 0.0 to 4.0 %")
        .hasMessageContaining("repeatLimits");
    assertThatThrownBy(() -> Proposer.of(bowl()).within("d", 0, 1))
        .hasMessageContaining("no source d");
    assertThatThrownBy(
            () -> Proposer.of(bowl()).repeatLimits(Map.of("a", scarce), Tokens.tokens("1M"), 0))
        .hasMessageContaining("epochs: 0.0; expected a finite number above 0");
    assertThatThrownBy(() -> Proposer.of(bowl()).within("a", 0.5, 0.4))
        .hasMessageContaining("0.5 to 0.4");
    assertThatThrownBy(() -> Proposer.of(bowl()).natural(Map.of("a", 0.5)))
        .hasMessageContaining("with a sum within 1 % of 1");
  }

  @Test
  void anAverageOfDomainsLiesBetweenTheirBests() {
    List<MixtureFit> fits = List.of(bowl("x", 0.8, 0.1, 0.1), bowl("y", 0.2, 0.7, 0.1));

    Proposal best =
        Proposer.of(fits).natural(NATURAL).best(Map.of("x", 1.0, "y", 3.0)).orElseThrow();

    assertThat(best.part("a").share()).isCloseTo(0.35, within(1e-5));
    assertThat(best.part("b").share()).isCloseTo(0.55, within(1e-5));
    assertThat(best.target()).isEqualTo("0.25 x + 0.75 y");
    assertThatThrownBy(() -> Proposer.of(fits).best("z")).hasMessageContaining("[x, y]");
    assertThatThrownBy(() -> Proposer.of(fits).best(Map.of("x", 0.0)))
        .hasMessageContaining("at least one above 0");
  }

  @Test
  void aProposalBeyondWhatWasTriedIsCalledSo() {
    List<MixtureRuns.Run> narrow = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 40; i++) {
      double a = 0.3 + 0.1 * random.nextDouble();
      double b = 0.3 + 0.1 * random.nextDouble();
      narrow.add(
          new MixtureRuns.Run(
              "r" + i, new double[] {a, b, 1 - a - b}, new double[] {3 - a + 0.1 * b}));
    }
    MixtureFit fit =
        MixtureModel.linear()
            .fit(
                MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), narrow),
                "domain",
                Resamples.of(100, 0))
            .orElseThrow();

    Proposal best = Proposer.of(fit).best("domain").orElseThrow();
    Proposal inside = Proposer.of(fit).withinTried().best("domain").orElseThrow();

    assertThat(best.part("a").share()).isCloseTo(1, within(1e-9));
    assertThat(best.warnings())
        .anyMatch(
            w -> w.startsWith("the proposal is outside the range of measured shares: a at 100.0 %"))
        .anyMatch(
            w -> w.startsWith("the proposal is outside the convex hull of the measured mixtures"))
        .contains(
            "the natural shares are unknown, so the mean shares of the runs are used",
            "the intervals hold only if the formula of model linear does");
    assertThat(inside.part("a").share()).isBetween(0.39, 0.40);
    assertThat(inside.warnings())
        .noneMatch(w -> w.startsWith("the proposal is outside the range of measured shares"));
  }

  @Test
  void aScaleFarBeyondTheRunsIsWarnedOfThenRefused() {
    List<MixtureRuns.Run> runs = new ArrayList<>();
    TrainingScale measured = TrainingScale.of(new Params(1_000_000), new Tokens(1_000_000));
    runs.add(new MixtureRuns.Run("r", new double[] {1, 0, 0}, measured, new double[] {3}));
    ToDoubleBiFunction<double[], TrainingScale> bowl = Simulated.bowl(0.5, 0.3, 0.2);
    MixtureFit fit =
        new MixtureFit(
            "given",
            "domain",
            MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), runs),
            bowl,
            Collections.nCopies(100, bowl),
            Map.of(),
            List.of());

    Answer<Proposal> far =
        Proposer.of(fit)
            .at(TrainingScale.of(new Params(1_000_000), new Tokens(50_000_000)))
            .best("domain");
    Answer<Proposal> tooFar =
        Proposer.of(fit)
            .at(TrainingScale.of(new Params(200_000_000), new Tokens(1_000_000)))
            .best("domain");

    assertThat(far.orElseThrow().warnings())
        .contains("the model size or budget is outside the measured range by a factor of 50");
    assertThat(tooFar).returns(false, Answer::isKnown);
    assertThat(tooFar.toString()).contains("outside the measured range by a factor of 200");
  }

  @Test
  void theSameOnAnyNumberOfThreads() {
    MixtureRuns runs = Simulated.runs(5, 80, 0.01, (r, s) -> 3 - r[0] * r[1] + 0.2 * r[2]);
    MixtureFit fit = MixtureModel.mixing().fit(runs, "domain", Resamples.of(100, 3)).orElseThrow();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      assertThat(Proposer.of(fit).seed(4).executor(pool).best("domain").orElseThrow())
          .isEqualTo(Proposer.of(fit).seed(4).best("domain").orElseThrow());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void sharesOfAProposalSumToOne() {
    Proposal best =
        Proposer.of(bowl("domain", 0.1, 0.2, 0.7)).natural(NATURAL).best("domain").orElseThrow();

    assertThat(best.shares().values().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(Arrays.asList(best.parts().get(0).source(), best.parts().get(2).source()))
        .containsExactly("a", "c");
  }

  @Test
  void fitsWithoutDrawsGiveNoProposal() {
    assertThatThrownBy(
            () -> Proposer.of(Simulated.given("domain", Simulated.bowl(0.5, 0.3, 0.2), List.of())))
        .hasMessageContaining("domain with 0");
  }
}
