package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that each law is recovered from its own losses without noise. */
class RecoveryTest {
  static Stream<Truth> forms() {
    return Truth.all();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aLawIsRecoveredFromItsOwnLosses(Truth truth) {
    // given
    Observations points = truth.observe(() -> 0);
    LawFitter fitter = LawFitter.of(truth.form()).bootstrap(100).seed(1);
    if (truth.form() == LawForms.DATA_CONSTRAINED) { // only RD and RN are meant to be fitted
      for (String name : new String[] {"E", "A", "B", "alpha", "beta"}) {
        fitter = fitter.fix(name, truth.parameters()[truth.form().indexOf(name)]);
      }
    }
    // when
    LawFit fit = fitter.fit(points).orElseThrow();
    // then
    for (int i = 0; i < points.size(); i++) {
      double measured = points.get(i).loss();
      assertThat(fit.loss(points.get(i).inputs()) / measured)
          .as("%s at %d", truth, i)
          .isCloseTo(1, within(1e-9));
    }
    assertThat(fit.condition()).isLessThan(1e8);
    Map<String, ?> all = fit.parameters();
    for (int k = 0; k < truth.parameters().length; k++) {
      String name = truth.form().parameters().get(k).name();
      assertThat(all).containsKey(name);
      assertThat(fit.value(name) / truth.parameters()[k])
          .as("%s of %s, condition %s", name, truth, fit.condition())
          .isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void theJointFormPredictsBetweenManyShares() {
    // given 7 shares of books, 5 models and 4 budgets
    LawForm form = LawForms.mixtureJoint(List.of("web", "books"));
    double[] truth = {1.5, .07, 350, 1800, .34, .37, .3, .6, .3, .7, .4, .6, .7, .3, -.5, -.7};
    ObservationsBuilder points = ObservationsBuilder.of("N", "D", "share_web", "share_books");
    for (double books : new double[] {.05, .2, .35, .5, .65, .8, .95}) {
      for (double n : new double[] {1e6, 3e6, 1e7, 3e7, 1e8}) {
        for (double d = 2e7; d < 2e9; d *= 4) {
          points.add(form.loss(truth, n, d, 1 - books, books), n, d, 1 - books, books);
        }
      }
    }

    // when
    LawFit fit = LawFitter.of(form).bootstrap(100).fit(points.build()).orElseThrow();

    // then
    assertThat(fit.loss(5e7, 1e9, .6, .4) / form.loss(truth, 5e7, 1e9, .6, .4))
        .isCloseTo(1, within(1e-9));
  }
}
