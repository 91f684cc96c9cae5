package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests which observations a fit depends on, and the covariance of its parameters. */
class SensitivityTest {
  @Test
  void aPointThatAloneBendsTheLawIsNamed() {
    // given a curve of ten budgets whose last is 3 % too high
    SplittableRandom random = new SplittableRandom(4);
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (int i = 0; i < 10; i++) {
      double d = 1e7 * Math.pow(10, i / 3.0);
      double loss = (1.8 + 2000 * Math.pow(d, -.37)) * Math.exp(.001 * random.nextGaussian());
      points.add(i == 9 ? "bad run" : "run " + i, i == 9 ? loss * 1.03 : loss, d);
    }
    Observations rows = points.build();
    double[][] losses = new double[1000][];
    Arrays.setAll(
        losses,
        r ->
            Arrays.stream(rows.losses())
                .map(loss -> loss * Math.exp(.001 * random.nextGaussian()))
                .toArray());
    LawFit fit =
        LawFitter.of(LawForms.DATA)
            .objective(Objective.LEAST_SQUARES)
            .resampleLosses(losses)
            .fit(rows)
            .orElseThrow();
    // when
    Influence first = fit.influences().get(0);
    // then
    assertThat(first.observations().get(0).label()).isEqualTo("bad run");
    assertThat(first.beyond()).contains("E");
    assertThat(first.shift()).isGreaterThan(1);
    assertThat(Math.abs(first.parameters().get("E") - 1.8))
        .isLessThan(Math.abs(fit.value("E") - 1.8));
  }

  @Test
  void outliersThatHideEachOtherAreShownTogether() {
    // given all Chinchilla rows, where the five highest losses change beta from 0.367 to 0.453
    Observations all = SharedData.chinchilla();
    // when
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(500).fit(all).orElseThrow();
    Influence together = fit.outliers().orElseThrow();
    // then
    List<Observations.Observation> kept = all.dropHighest(5).rows();
    assertThat(together.observations().stream().filter(o -> !kept.contains(o)).count())
        .isGreaterThanOrEqualTo(4);
    assertThat(together.observations()).hasSizeLessThan(10);
    assertThat(fit.value("beta")).isCloseTo(.453, within(1e-3));
    assertThat(together.parameters().get("beta")).isCloseTo(.367, within(.02));
    assertThat(fit.warnings()).anyMatch(w -> w.contains("outliers") && w.contains("row 2"));
    // and the first influence is one of these: it moves the law most if it alone is left out
    assertThat(fit.influences().get(0).observations().get(0).loss()).isGreaterThan(5);
  }

  @Test
  void theFormThatMadeTheDataPredictsTheLargestBudgetBest() {
    // given losses of a rectified law, with enough budgets to hold out the largest
    Truth truth = Truth.all().filter(t -> t.form() == LawForms.RECTIFIED).findFirst().orElseThrow();
    SplittableRandom random = new SplittableRandom(8);
    Observations points = truth.observe(() -> 1e-5 * random.nextGaussian());
    // when
    Function<LawForm, LawFit> fit =
        form ->
            LawFitter.of(form)
                .objective(Objective.LEAST_SQUARES)
                .bootstrap(100)
                .heldOut(points.largest(Input.D))
                .fit(points)
                .orElseThrow();
    LawFit plain = fit.apply(LawForms.DATA);
    LawFit rectified = fit.apply(LawForms.RECTIFIED);
    // then
    HeldOutError best = rectified.heldOut().orElseThrow();
    assertThat(best.meanRelativeError())
        .isLessThan(best.lastValueError())
        .isLessThan(plain.heldOut().orElseThrow().meanRelativeError());
    assertThat(rectified.observations().size()).isEqualTo(points.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void theCovarianceIsThatOfRefitsWhereTheLawIsNearlyLinear(Objective objective) {
    // given many points with little noise
    SplittableRandom random = new SplittableRandom(3);
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
    for (int i = 0; i < 100; i++) {
      double d = 1e7 * Math.pow(10, i / 33.);
      points.add((1.8 + 2000 * Math.pow(d, -.37)) * Math.exp(.003 * random.nextGaussian()), d);
    }
    LawFit fit =
        LawFitter.of(LawForms.DATA)
            .objective(objective)
            .resampling(Resampling.parametric())
            .bootstrap(2000)
            .fit(points.build())
            .orElseThrow();
    // when
    Map<String, Map<String, Double>> covariance = fit.covariance().orElseThrow();
    // then
    assertThat(covariance.keySet()).containsExactly("E", "B", "beta");
    for (String one : covariance.keySet()) {
      double own = covariance.get(one).get(one);
      assertThat(Math.sqrt(own / product(fit, one, one))).as(one).isCloseTo(1, within(.1));
      for (String other : covariance.keySet()) {
        double both = covariance.get(one).get(other);
        assertThat(both).isCloseTo(covariance.get(other).get(one), withinPercentage(1e-6));
        double refits =
            product(fit, one, other)
                / Math.sqrt(product(fit, one, one) * product(fit, other, other));
        assertThat(both / Math.sqrt(own * covariance.get(other).get(other)))
            .isCloseTo(refits, within(.03));
      }
    }
  }

  /** Returns the covariance of two parameters over the draws. */
  private static double product(LawFit fit, String one, String other) {
    double[] x = fit.draws(one);
    double[] y = fit.draws(other);
    double mx = Arrays.stream(x).average().orElseThrow();
    double my = Arrays.stream(y).average().orElseThrow();
    return IntStream.range(0, x.length)
        .mapToDouble(i -> (x[i] - mx) * (y[i] - my))
        .average()
        .orElseThrow();
  }

  @Test
  void aFixedParameterHasNoCovarianceAndOneAtItsEdgeRefusesIt() {
    // given losses that would fall below zero, so that E stops at its bound 0
    ObservationsBuilder steep = ObservationsBuilder.of(Input.D);
    for (double d = 1e7; d < 2e9; d *= 2) {
      steep.add(100 * Math.pow(d, -.15) - .3, d);
    }
    // when
    LawFit edge = LawFitter.of(LawForms.DATA).fit(steep.build()).orElseThrow();
    LawFit fixed = LawFitter.of(LawForms.DATA).fix("E", .1).fit(steep.build()).orElseThrow();
    // then
    assertThat(edge.covariance().toString()).contains("E is at a bound");
    assertThat(fixed.covariance().orElseThrow().keySet()).containsExactly("B", "beta");
  }
}
