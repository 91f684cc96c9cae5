package dev.mixlaw.eval.law;

import static dev.mixlaw.eval.law.SharedData.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that fits to published measurements reproduce the published parameters. */
class PublishedNumbersTest {
  @Test
  void chinchillaWithoutTheFiveHighestLosses() {
    // given the rows and results of Besiroglu et al. 2024, "Chinchilla Scaling: A replication
    // attempt"
    Observations points = SharedData.chinchilla().dropHighest(5);
    // when
    LawFit fit =
        LawFitter.of(LawForms.CHINCHILLA).bootstrap(4000).seed(42).fit(points).orElseThrow();
    // then
    assertThat(fit.objective()).isCloseTo(.0010182740, within(5e-11));
    assertThat(fit.value("A")).isCloseTo(477.83, within(.005));
    assertThat(fit.value("B")).isCloseTo(2143.4, within(.05));
    assertThat(fit.value("E")).isCloseTo(1.8172, within(5e-5));
    assertThat(fit.value("alpha")).isCloseTo(.3473, within(5e-5));
    assertThat(fit.value("beta")).isCloseTo(.3672, within(5e-5));
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.CONVERGED);
    isNear(fit, "A", 285, 744);
    isNear(fit, "B", 1042, 5810);
    isNear(fit, "E", 1.769, 1.871);
    isNear(fit, "alpha", .317, .373);
    isNear(fit, "beta", .331, .415);
  }

  /**
   * Checks an interval. Ends from two bootstraps differ by a few hundredths of the interval's
   * width, so 5 % of the width are tolerated.
   */
  private static void isNear(LawFit fit, String parameter, double low, double high) {
    Interval interval = fit.parameter(parameter).interval();
    double band = .05 * (high - low);
    assertThat(interval.low()).as("%s low", parameter).isCloseTo(low, within(band));
    assertThat(interval.high()).as("%s high", parameter).isCloseTo(high, within(band));
  }

  @Test
  void chinchillaWithAllRows() {
    // given
    Observations points = SharedData.chinchilla();
    // when
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(100).fit(points).orElseThrow();
    // then
    assertThat(points.size()).isEqualTo(245);
    assertThat(fit.value("A")).isCloseTo(495.7, within(.05));
    assertThat(fit.value("B")).isCloseTo(12846, within(1.));
    assertThat(fit.value("E")).isCloseTo(1.891, within(5e-4));
    assertThat(fit.value("alpha")).isCloseTo(.349, within(5e-4));
    assertThat(fit.value("beta")).isCloseTo(.453, within(5e-4));
  }

  @Test
  void overtrainingOnFiveSmallRuns() {
    // given the runs of Gadre et al. 2024 on RedPajama, with validation losses on C4 and N the
    // number of all parameters
    ObservationsBuilder small = ObservationsBuilder.of(Input.N, Input.D);
    Map<String, double[]> large = new LinkedHashMap<>();
    for (Map<String, String> row : SharedData.csv("laws/overtraining.csv")) {
      if (row.get("train_corpus").equals("rpj")) {
        double n = number(row, "params");
        double multiplier = number(row, "token_multiplier");
        double[] at = {n, number(row, "tokens"), number(row, "loss_c4_val")};
        if ((multiplier == 1 && n < 5e8) || (multiplier == 16 && n < 2e7)) {
          small.add(row.get("run"), at[2], at[0], at[1]);
        }
        large.put(row.get("run"), at);
      }
    }
    // when
    LawFit fit =
        LawFitter.of(LawForms.OVERTRAINING)
            .objective(Objective.LEAST_SQUARES)
            .bootstrap(1000)
            .fit(small.build())
            .orElseThrow();
    LawFit robust = LawFitter.of(LawForms.OVERTRAINING).fit(small.build()).orElseThrow();
    // then
    assertThat(fit.observations().size()).isEqualTo(5);
    assertThat(fit.value("E")).isCloseTo(1.837, within(5e-4));
    assertThat(fit.value("a")).isCloseTo(212.2, within(.05));
    assertThat(fit.value("b")).isCloseTo(366.7, within(.05));
    assertThat(fit.value("eta")).isCloseTo(.1364, within(5e-5));
    assertThat(robust.value("E")).isCloseTo(1.799, within(5e-4));
    assertThat(relativeError(fit, large.get("rpj-open_lm_1b-32.0")))
        .isCloseTo(.007103, within(5e-7));
    assertThat(relativeError(fit, large.get("rpj-open_lm_7b-1.0")))
        .isCloseTo(.007320, within(5e-7));
  }

  private static double relativeError(LawFit fit, double[] run) {
    return Math.abs(fit.loss(run[0], run[1]) - run[2]) / run[2];
  }

  @Test
  void dataConstrainedHasTwoMinimaAndSaysSo() {
    // given the runs of Muennighoff et al. 2023, with E, A, B, alpha and beta fixed to their
    // Chinchilla law
    ObservationsBuilder points = ObservationsBuilder.of(Input.N, Input.D, Input.UNIQUE);
    for (Map<String, String> row : SharedData.csv("laws/data_constrained.csv")) {
      points.add(
          row.get("name"),
          number(row, "loss"),
          number(row, "params"),
          number(row, "tokens"),
          number(row, "unique_tokens"));
    }
    LawFitter fitter =
        LawFitter.of(LawForms.DATA_CONSTRAINED)
            .fix("A", Math.exp(6.255414))
            .fix("B", Math.exp(7.3049974))
            .fix("E", Math.exp(.6254804))
            .fix("alpha", .3526596)
            .fix("beta", .3526596);
    // when
    LawFit fit = fitter.fit(points.build()).orElseThrow();
    double[] published = fit.values();
    published[fit.form().indexOf("RD")] = 15.387756;
    published[fit.form().indexOf("RN")] = 5.309743;
    // then the fit is the lower minimum, and the published one is reported as another minimum
    assertThat(fit.objective()).isCloseTo(.0158047, within(5e-8));
    assertThat(fit.value("RD")).isCloseTo(95.4, within(1.));
    assertThat(fit.value("RN")).isCloseTo(1.71, within(.02));
    assertThat(fit.status()).isEqualTo(FittedLaw.Status.WEAKLY_IDENTIFIED);
    assertThat(huber(fit.form(), published, fit.observations())).isCloseTo(.0158259, within(5e-8));
    assertThat(r2(fit.form(), published, fit.observations())).isCloseTo(.77220, within(5e-6));
    assertThat(fit.otherMinima())
        .anySatisfy(
            minimum -> {
              assertThat(minimum.value("RD")).isCloseTo(15.387756, within(.02));
              assertThat(minimum.value("RN")).isCloseTo(5.309743, within(.006));
              assertThat(minimum.objective()).isCloseTo(.0158259, within(5e-8));
            });
    assertThat(fit.warnings()).anyMatch(w -> w.contains("another minimum"));
  }

  private static double huber(LawForm form, double[] parameters, Observations points) {
    double sum = 0;
    for (Observations.Observation o : points.rows()) {
      double r = Math.abs(Math.log(form.loss(parameters, o.inputs()) / o.loss()));
      sum += r <= 1e-3 ? r * r / 2 : 1e-3 * (r - .5e-3);
    }
    return sum;
  }

  private static double r2(LawForm form, double[] parameters, Observations points) {
    double mean = Arrays.stream(points.losses()).average().orElseThrow();
    double residual = 0;
    double total = 0;
    for (Observations.Observation o : points.rows()) {
      residual += Math.pow(form.loss(parameters, o.inputs()) - o.loss(), 2);
      total += Math.pow(o.loss() - mean, 2);
    }
    return 1 - residual / total;
  }
}
