package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LawFitterTest {
  private static final double[] BUDGETS = {1e7, 3e7, 1e8, 3e8, 1e9};

  private static double law(double tokens) {
    return 1.8 + 2000 * Math.pow(tokens, -.37);
  }

  private static Observations curve(double noise, long seed, double... budgets) {
    SplittableRandom random = new SplittableRandom(seed);
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (double d : budgets) {
      points.add(law(d) * Math.exp(noise * random.nextGaussian()), d);
    }
    return points.build();
  }

  private static Refusal refusal(Answer<LawFit> answer) {
    assertThat(answer).returns(false, Answer::isKnown);
    return answer.toRefusal().orElseThrow();
  }

  @Test
  void fiveBudgetsGiveADataLawWhoseIntervalContainsTheTrueValue() {
    // given
    Observations points = curve(.002, 1, BUDGETS);
    // when
    LawFit fit = LawFitter.of(LawForms.DATA).seed(3).fit(points).orElseThrow();
    // then
    assertThat(fit.parameter("E").interval().contains(1.8)).isTrue();
    assertThat(fit.points()).isEqualTo(5);
    assertThat(fit.resampling()).isEqualTo("parametric");
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.CONVERGED);
    Interval far = fit.predict(4e9).interval();
    Interval newRun = fit.predictNewRun(4e9).interval();
    assertThat(far.contains(law(4e9))).isTrue();
    assertThat(newRun.high()).isGreaterThan(far.high());
    assertThat(newRun.low()).isLessThan(far.low());
  }

  @Test
  void seedsDoNotCountAsBudgets() {
    // given three budgets with three seeds each
    Observations points = curve(.002, 1, 1e7, 1e7, 1e7, 1e8, 1e8, 1e8, 1e9, 1e9, 1e9);
    // when
    Refusal refusal = refusal(LawFitter.of(LawForms.DATA).named("L(D) of web").fit(points));
    // then
    assertThat(refusal.question()).isEqualTo("L(D) of web");
    assertThat(refusal.reason()).contains("3 distinct D");
    assertThat(refusal.remedy()).contains("at least 4 distinct values of D");
  }

  @Test
  void oneModelSizeIsTooFewForAModelLaw() {
    Observations points =
        Observations.overParams(new double[] {1e6, 1e6, 1e6}, new double[] {3, 3.01, 3.02});
    assertThat(refusal(LawFitter.of(LawForms.MODEL).fit(points)).reason()).contains("1 distinct N");
  }

  @Test
  void parametersAndTokensThatMoveTogetherAreNotSeparated() {
    // given D = 20·N for all runs
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D);
    for (double n = 1e6; n < 2e8; n *= 2) {
      points.add(1.8 + 480 * Math.pow(n, -.35) + 2000 * Math.pow(20 * n, -.37), n, 20 * n);
    }
    // when, then
    assertThat(refusal(LawFitter.of(LawForms.CHINCHILLA).fit(points.build())).reason())
        .contains("collinear");
  }

  @Test
  void fewerPointsThanParametersAreRefused() {
    // given four sizes and four budgets, but only four combinations of them
    double[] n = {1e6, 4e6, 1.6e7, 6.4e7};
    double[] d = {2e8, 5e7, 8e8, 1e8};
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D);
    for (int i = 0; i < 4; i++) {
      points.add(law(d[i]) + 480 * Math.pow(n[i], -.35), n[i], d[i]);
    }
    // when, then
    assertThat(refusal(LawFitter.of(LawForms.CHINCHILLA).fit(points.build())).reason())
        .contains("4 distinct points are too few for 5 parameters");
  }

  @Test
  void theSameSeedGivesTheSameFitOnAnyExecutor() {
    // given
    Observations points = curve(.01, 5, 1e7, 2e7, 4e7, 8e7, 1.6e8, 3.2e8);
    LawFitter fitter = LawFitter.of(LawForms.DATA).bootstrap(200).seed(11);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      // when
      LawFit here = fitter.fit(points).orElseThrow();
      LawFit there = fitter.executor(pool).fit(points).orElseThrow();
      LawFit other = fitter.seed(12).fit(points).orElseThrow();
      // then
      assertThat(there.draws("beta")).isEqualTo(here.draws("beta"));
      assertThat(there.values()).isEqualTo(here.values());
      assertThat(other.draws("beta")).isNotEqualTo(here.draws("beta"));
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void resampledLossesOfTheCallerMakeTheDraws() {
    // given losses that are all 1 % higher in the first resample
    Observations points = curve(0, 1, BUDGETS);
    double[][] losses = new double[100][];
    for (int r = 0; r < losses.length; r++) {
      double factor = r == 0 ? 1.01 : 1;
      losses[r] = Arrays.stream(points.losses()).map(l -> factor * l).toArray();
    }
    // when
    LawFit fit = LawFitter.of(LawForms.DATA).resampleLosses(losses).fit(points).orElseThrow();
    // then
    assertThat(fit.draws()).isEqualTo(100);
    assertThat(fit.draws("E")[0]).isCloseTo(1.01 * 1.8, within(1e-6));
    assertThat(fit.draws("E")[1]).isCloseTo(1.8, within(1e-6));
  }

  @Test
  void heldOutObservationsAreNotFittedButPredicted() {
    // given a curve whose last point is 10 % too high
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (double d : BUDGETS) {
      points.add(law(d), d);
    }
    points.add("last", 1.1 * law(1e10), 1e10);
    // when
    LawFit fit =
        LawFitter.of(LawForms.DATA)
            .heldOut(o -> o.inputs()[0] > 5e9)
            .fit(points.build())
            .orElseThrow();
    // then
    HeldOutError heldOut = fit.heldOut().orElseThrow();
    assertThat(heldOut.observations()).isEqualTo(1);
    assertThat(heldOut.meanRelativeError()).isCloseTo(1 - 1 / 1.1, within(1e-6));
    assertThat(heldOut.lastValueError())
        .isCloseTo(Math.abs(law(1e9) / law(1e10) / 1.1 - 1), within(1e-9));
    assertThat(fit.value("E")).isCloseTo(1.8, within(1e-6));
  }

  @Test
  void heldOutObservationsAreRankedByTheLawAndByTheLastValue() {
    // given two held-out budgets, which have the same nearest fitted budget
    Observations points = curve(0, 1, 1e7, 3e7, 1e8, 3e8, 1e9, 1e10, 1e11);
    LawFitter fitter = LawFitter.of(LawForms.DATA).bootstrap(100);
    // when
    HeldOutError two =
        fitter.heldOut(o -> o.inputs()[0] > 5e9).fit(points).orElseThrow().heldOut().orElseThrow();
    HeldOutError one =
        fitter.heldOut(o -> o.inputs()[0] > 5e10).fit(points).orElseThrow().heldOut().orElseThrow();
    // then the law ranks them, but the last fitted value does not distinguish them
    assertThat(two.pairs()).isEqualTo(1);
    assertThat(two.ranking()).hasValue(1);
    assertThat(two.lastValueRanking()).hasValue(.5);
    assertThat(one.ranking()).isEmpty();
  }

  @Test
  void heldOutErrorsAreGivenForEachModelSize() {
    // given losses of the two largest models that are 2 % and 5 % too high at the held-out budget
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D);
    for (double n : new double[] {1e6, 3e6, 1e7, 3e7, 1e8, 3e8}) {
      for (double d : new double[] {1e7, 3e7, 1e8, 3e8, 1e9, 3e9}) {
        double off = d < 3e9 || n < 1e8 ? 1 : n < 3e8 ? 1.02 : 1.05;
        points.add(off * (law(d) + 480 * Math.pow(n, -.35)), n, d);
      }
    }
    // when
    HeldOutError error =
        LawFitter.of(LawForms.CHINCHILLA)
            .bootstrap(0)
            .heldOut(o -> o.inputs()[1] > 2e9)
            .fit(points.build())
            .orElseThrow()
            .heldOut()
            .orElseThrow();
    // then
    assertThat(error.meanRelativeErrorBySize().keySet())
        .containsExactly(1e6, 3e6, 1e7, 3e7, 1e8, 3e8);
    assertThat(error.meanRelativeErrorBySize().get(1e6)).isCloseTo(0, within(1e-6));
    assertThat(error.meanRelativeErrorBySize().get(1e8)).isCloseTo(1 - 1 / 1.02, within(1e-6));
    assertThat(error.meanRelativeErrorBySize().get(3e8)).isCloseTo(1 - 1 / 1.05, within(1e-6));
  }

  @Test
  void termsThatVanishAtABoundAreSaidToHaveNoEffect() {
    ObservationsBuilder rising = ObservationsBuilder.of(Input.N, Input.D);
    for (double n : new double[] {1e7, 3e7, 1e8, 3e8}) {
      for (double d : new double[] {1e8, 4e8, 1.6e9, 6.4e9}) {
        rising.add(2.5 + .01 * Math.log(n * d), n, d);
      }
    }
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(0).fit(rising.build()).orElseThrow();
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.AT_BOUND);
    assertThat(fit.warnings().get(0))
        .contains("A = 1.000e-12 (no effect)", "alpha = 0.0001000 (no effect)")
        .doesNotContain("better");
  }

  @Test
  void manySizesAreRoundedToPowersOfTwo() {
    // given 24 sizes from 2^20 to 2^22.9
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D);
    for (int i = 0; i < 24; i++) {
      double n = Math.pow(2, 20 + i / 8.);
      for (double d : new double[] {1e7, 3e7, 1e8, 1e9, 1e10}) {
        points.add(law(d) + 480 * Math.pow(n, -.35), n, d);
      }
    }
    // when
    LawFit fit =
        LawFitter.of(LawForms.CHINCHILLA)
            .bootstrap(0)
            .heldOut(o -> o.inputs()[1] > 2e9)
            .fit(points.build())
            .orElseThrow();
    // then
    assertThat(fit.heldOut().orElseThrow().meanRelativeErrorBySize().keySet())
        .containsExactly(0x1p20, 0x1p21, 0x1p22, 0x1p23);
  }

  /**
   * A law whose factor p² - 3p + 3 is 1 at p = 1 and at p = 2, where the exponents are nearly
   * equal, so that there are two minima of nearly the same height.
   */
  private static final class TwoMinima implements LawForm {
    @Override
    public String id() {
      return "two-minima";
    }

    @Override
    public String formula() {
      return "L(D) = E + (p² - 3p + 3)·2000·D^-(0.37 + 0.0002·p)";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.floor("E"), Parameter.positive("p", "", .2, 5));
    }

    @Override
    public List<Input> inputs() {
      return List.of(Input.tokens(3));
    }

    @Override
    public double evaluate(double[] parameters, double[] features, double[] gradient) {
      double p = parameters[1];
      double term = 2000 * Math.pow(features[0], -.37 - .0002 * p);
      double factor = p * p - 3 * p + 3;
      gradient[0] = 1;
      gradient[1] = (2 * p - 3 - .0002 * Math.log(features[0]) * factor) * term;
      return parameters[0] + factor * term;
    }
  }

  @Test
  void aRivalMinimumIsReportedAndNamedInAWarning() {
    // when
    LawFit fit =
        LawFitter.of(new TwoMinima())
            .bootstrap(100)
            .fit(curve(.002, 1, 1e7, 2e7, 4e7, 8e7, 1.6e8, 3.2e8))
            .orElseThrow();
    // then one of the two is the fit, and the other is reported as another minimum
    assertThat(fit.otherMinima()).hasSize(1);
    double other = fit.otherMinima().get(0).value("p");
    assertThat(fit.value("p") + other).isCloseTo(3, within(.1));
    assertThat(Math.abs(fit.value("p") - other)).isCloseTo(1, within(.1));
    assertThat(fit.otherMinima().get(0).objective() / fit.objective()).isBetween(1., 1.01);
    assertThat(fit.warnings())
        .anyMatch(w -> w.startsWith("another minimum of the objective is almost as low"))
        .anyMatch(w -> w.contains(String.format(Locale.ROOT, "p %.5g", other)));
    // and resamples reach both
    assertThat(Arrays.stream(fit.draws("p")))
        .anyMatch(p -> Math.abs(p - fit.value("p")) < .1)
        .anyMatch(p -> Math.abs(p - other) < .1);
  }

  @Test
  void boundsOfAParameterAreMetByTheFitAndByEveryResample() {
    // given a law whose E is 1.8
    Observations points = curve(.01, 5, 1e7, 2e7, 4e7, 8e7, 1.6e8, 3.2e8);
    LawFitter fitter = LawFitter.of(LawForms.DATA).bootstrap(100);
    // when
    LawFit high = fitter.bounds("E", 2.5, 3).fit(points).orElseThrow();
    LawFit around = fitter.bounds("E", 1, 2.5).bounds("beta", .3, .45).fit(points).orElseThrow();
    // then
    assertThat(high.value("E")).isEqualTo(2.5);
    assertThat(high.status()).isEqualTo(FittedLaw.Status.AT_BOUND);
    assertThat(high.warnings()).anyMatch(w -> w.contains("E = 2.500 (a smaller value"));
    assertThat(Arrays.stream(high.draws("E"))).allMatch(e -> e >= 2.5 && e <= 3);
    assertThat(Arrays.stream(around.draws("E"))).allMatch(e -> e >= 1 && e <= 2.5);
    assertThat(Arrays.stream(around.draws("beta")))
        .allMatch(b -> b >= .3 - 1e-9 && b <= .45 + 1e-9);
    assertThatThrownBy(() -> fitter.bounds("E", 2, 1)).hasMessageContaining("bounds of E: 2.0 to");
    assertThatThrownBy(() -> fitter.bounds("beta", -1, 1)).hasMessageContaining("parameter beta");
    assertThatThrownBy(() -> fitter.bounds("gamma", 0, 1)).hasMessageContaining("no parameter");
  }

  @Test
  void anEmptyHeldOutSetIsRefused() {
    Observations points = curve(.01, 5, BUDGETS);
    assertThat(refusal(LawFitter.of(LawForms.DATA).heldOut(o -> false).fit(points)).reason())
        .contains("no observation is held out");
  }

  @Test
  void aFixedParameterStaysWhereItIs() {
    LawFit fit =
        LawFitter.of(LawForms.DATA).fix("E", 1.8).fit(curve(.001, 2, BUDGETS)).orElseThrow();
    assertThat(fit.value("E")).isEqualTo(1.8);
    assertThat(fit.parameter("E").interval().low()).isEqualTo(1.8);
    assertThat(fit.value("beta")).isCloseTo(.37, within(.01));
  }

  @Test
  void everyBadValueIsNamedAtOnce() {
    ObservationsBuilder points =
        ObservationsBuilder.of(Input.D).add("a.csv:2", -1, 1e6).add("a.csv:3", 3, Double.NaN);
    assertThatThrownBy(points::build)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("a.csv:2, loss: -1.0")
        .hasMessageContaining("a.csv:3, D: NaN");
  }

  @Test
  void noTokensAreNotAllowed() {
    Observations points =
        ObservationsBuilder.of(Input.D).add("a.csv:2", 3, 0).add("a.csv:3", 3, 1e6).build();
    assertThatThrownBy(() -> LawFitter.of(LawForms.DATA).fit(points))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("a.csv:2, D (tokens): 0.0; expected a number above 0");
  }

  @Test
  void anInputThatIsMissingIsNamed() {
    Observations points = curve(0, 1, BUDGETS);
    assertThatThrownBy(() -> LawFitter.of(LawForms.CHINCHILLA).fit(points))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input N is unknown; expected one of [D]");
  }

  @Test
  void fewerThanAHundredResamplesAreNotAllowed() {
    assertThatThrownBy(() -> LawFitter.of(LawForms.DATA).bootstrap(99))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99");
  }

  @Test
  void aFormOfTheUsersOwnIsFittedLikeAnyOther() {
    // given a law that falls with the logarithm of the tokens
    LawForm own =
        new LawForm() {
          @Override
          public String id() {
            return "logarithmic";
          }

          @Override
          public String formula() {
            return "L(D) = E + B/(ln D - s)";
          }

          @Override
          public List<Parameter> parameters() {
            return List.of(
                Parameter.floor("E"),
                Parameter.coefficient("B", "loss"),
                new Parameter("s", "", 0, 15, 0, 15, false, false));
          }

          @Override
          public List<Input> inputs() {
            return List.of(Input.tokens(4));
          }

          @Override
          public double evaluate(double[] p, double[] inputs, double[] gradient) {
            double over = Math.log(inputs[0]) - p[2];
            gradient[0] = 1;
            gradient[1] = 1 / over;
            gradient[2] = p[1] / (over * over);
            return p[0] + p[1] / over;
          }
        };
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (double d : BUDGETS) {
      points.add(own.loss(new double[] {1.2, 14, 7}, d), d);
    }
    // when
    LawFit fit = LawFitter.of(own).fit(points.build()).orElseThrow();
    // then
    assertThat(fit.value("E")).isCloseTo(1.2, within(1e-6));
    assertThat(fit.value("B")).isCloseTo(14, within(1e-5));
    assertThat(fit.value("s")).isCloseTo(7, within(1e-5));
  }

  @Test
  void aTermThatVanishesIsRefused() {
    // given losses that do not depend on N
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D);
    for (double n = 1e6; n < 2e8; n *= 4) {
      for (double d : BUDGETS) {
        points.add(law(d), n, d);
      }
    }
    // when, then
    assertThat(refusal(LawFitter.of(LawForms.CHINCHILLA).fit(points.build())).reason())
        .contains("has no effect");
  }

  @Test
  void aFloorAtZeroIsReportedAsAtItsBound() {
    // given losses that would fall below zero, so that E stops at its bound 0
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (double d : BUDGETS) {
      points.add(100 * Math.pow(d, -.15) - .3, d);
    }
    // when
    LawFit fit = LawFitter.of(LawForms.DATA).fit(points.build()).orElseThrow();
    // then
    assertThat(fit.value("E")).isZero();
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.AT_BOUND);
    assertThat(fit.warnings())
        .anyMatch(w -> w.startsWith("parameters at a bound of their allowed range: E = 0"));
  }

  @Test
  void aFloorThatTheDataLeaveOpenIsWeaklyIdentified() {
    // given five noisy budgets that span less than one order of magnitude
    Observations points = curve(.01, 3, 1e7, 1.5e7, 2e7, 3e7, 5e7);
    // when
    LawFit fit = LawFitter.of(LawForms.DATA).fit(points).orElseThrow();
    // then
    assertThat(fit.status()).isNotEqualTo(FittedLaw.Status.CONVERGED);
  }

  @Test
  void fitsOfOtherDataAreResampledIndependentlyUnderOneSeed() {
    // given two curves, of which one is 1 % higher
    Observations one = curve(.001, 6, BUDGETS);
    ObservationsBuilder higher = ObservationsBuilder.of(one.inputs().toArray(String[]::new));
    one.rows().forEach(row -> higher.add(1.01 * row.loss(), row.inputs()));
    Observations other = higher.build();
    LawFitter fitter = LawFitter.of(LawForms.DATA).bootstrap(400).seed(11);
    // when
    double[] draws = fitter.fit(one).orElseThrow().draws("beta");
    double[] again = fitter.fit(one).orElseThrow().draws("beta");
    double[] others = fitter.fit(other).orElseThrow().draws("beta");
    // then
    assertThat(again).containsExactly(draws);
    assertThat(Math.abs(correlation(draws, others))).isLessThan(.2);
  }

  @Test
  void formsFittedToTheSameDataShareTheirResamples() {
    // given
    Observations points = curve(.001, 6, BUDGETS);
    LawFitter fitter = LawFitter.of(LawForms.DATA).bootstrap(400);
    // when
    double[] free = fitter.fit(points).orElseThrow().lossDraws(1e8);
    double[] fixed = fitter.fix("beta", .37).fit(points).orElseThrow().lossDraws(1e8);
    // then
    assertThat(correlation(free, fixed)).isGreaterThan(.5);
  }

  private static double correlation(double[] x, double[] y) {
    double mx = Arrays.stream(x).average().orElseThrow();
    double my = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - mx) * (x[i] - mx);
      yy += (y[i] - my) * (y[i] - my);
      xy += (x[i] - mx) * (y[i] - my);
    }
    return xy / Math.sqrt(xx * yy);
  }

  @Test
  void veryManyRowsAreSearchedOnSomeAndFittedOnAll() {
    // given
    SplittableRandom random = new SplittableRandom(12);
    ObservationsBuilder builder = ObservationsBuilder.of(Input.D);
    for (int i = 0; i < 12_000; i++) {
      double d = 1e7 * Math.pow(10, 3 * random.nextDouble());
      builder.add(law(d) * Math.exp(.01 * random.nextGaussian()), d);
    }
    // when
    LawFit fit =
        LawFitter.of(LawForms.DATA)
            .objective(Objective.LEAST_SQUARES)
            .bootstrap(100)
            .fit(builder.build())
            .orElseThrow();
    // then
    double[] residuals = fit.residuals();
    assertThat(residuals).hasSize(12_000);
    assertThat(Arrays.stream(residuals).map(r -> r * r).sum())
        .isCloseTo(fit.objective(), within(1e-9 * fit.objective()));
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.CONVERGED);
    assertThat(fit.parameter("E").interval().contains(1.8)).isTrue();
  }

  @Test
  void theNoiseIsThatOfALeastSquaresFitWhateverTheObjective() {
    // given
    Observations points = curve(.01, 9, BUDGETS);
    // when
    LawFit robust = LawFitter.of(LawForms.DATA).bootstrap(100).fit(points).orElseThrow();
    // then the noise is smaller than an estimate from the residuals of the robust fit
    double sum = Arrays.stream(robust.residuals()).map(r -> r * r).sum();
    double own = Math.sqrt(sum / (points.size() - 3));
    assertThat(robust.noise()).isLessThan(.99 * own).isGreaterThan(.3 * own);
  }
}
