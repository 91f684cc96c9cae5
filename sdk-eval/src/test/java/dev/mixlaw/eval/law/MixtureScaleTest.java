package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests laws over shares, model size and tokens on the checkpoints of the 200 runs of Shukor et al.
 * 2025, "Scaling Laws for Optimal Data Mixtures".
 */
class MixtureScaleTest {
  private static final List<String> SOURCES =
      List.of("arxiv", "book", "c4", "github", "commoncrawl", "stackexchange", "wikipedia");

  static Observations checkpoints(String domain) {
    List<String> inputs = new ArrayList<>(List.of(Input.N, Input.D));
    SOURCES.forEach(s -> inputs.add(Input.share(s).name()));
    ObservationsBuilder all = ObservationsBuilder.of(inputs.toArray(String[]::new));
    for (Map<String, String> row : SharedData.csv("laws/mixture_scale.csv")) {
      if (!row.get(domain + "_loss").isEmpty()) {
        double[] at = new double[inputs.size()];
        at[0] = SharedData.number(row, "params");
        at[1] = SharedData.number(row, "tokens");
        for (int j = 0; j < SOURCES.size(); j++) {
          at[2 + j] = SharedData.number(row, "weight_" + SOURCES.get(j));
        }
        all.add(
            new Observations.Observation(
                "run " + row.get("run"),
                at,
                SharedData.number(row, domain + "_loss"),
                1,
                Optional.of(row.get("run"))));
      }
    }
    return all.build();
  }

  @Test
  void twoSeedsOfStartsFindTheMinimumThatSciPyFinds() {
    // given
    Observations rows = checkpoints("github");
    LawFitter fitter = LawFitter.of(LawForms.mixtureAdditive(SOURCES)).bootstrap(0);
    // when
    LawFit one = fitter.seed(0).fit(rows).orElseThrow();
    LawFit other = fitter.seed(3).fit(rows).orElseThrow();
    // then
    assertThat(one.objective()).isLessThan(1.001 * .0201955);
    assertThat(other.objective() / one.objective()).isCloseTo(1, within(1e-4));
  }

  /** This is a long test, because each fit takes seconds. */
  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "arxiv, .012180574, .0149730",
    "github, .014943377, .0201955",
    "wikipedia, .014083286, .0234784"
  })
  void noFitIsRefusedAndSeedsAgree(String domain, double joint, double additive) {
    Observations rows = checkpoints(domain);
    for (boolean isJoint : new boolean[] {true, false}) {
      LawForm form = isJoint ? LawForms.mixtureJoint(SOURCES) : LawForms.mixtureAdditive(SOURCES);
      double first = 0;
      for (int seed = 0; seed < 3; seed++) {
        LawFit fit = LawFitter.of(form).bootstrap(0).seed(seed).fit(rows).orElseThrow();
        first = seed == 0 ? fit.objective() : first;
        assertThat(fit.objective()).isLessThan(1.001 * (isJoint ? joint : additive));
        assertThat(fit.objective() / first).isCloseTo(1, within(1e-4));
      }
    }
  }

  /** Fits simulated tables of three sources, in which a third of the weights are 0. */
  @Tag("long")
  @Test
  void twoSeedsAgreeOnSimulatedTables() {
    List<String> sources = List.of("web", "code", "books");
    LawForm form = LawForms.mixtureJoint(sources);
    int differ = 0;
    for (int table = 0; table < 200; table++) {
      Observations rows = simulated(form, new SplittableRandom(table * 31L + 1));
      LawFitter fitter = LawFitter.of(form).bootstrap(0);
      double one = fitter.seed(1).fit(rows).orElseThrow().objective();
      double other = fitter.seed(2).fit(rows).orElseThrow().objective();
      differ += Math.abs(other / one - 1) > 1e-4 ? 1 : 0;
    }
    assertThat(differ).isZero();
  }

  static Observations simulated(LawForm form, SplittableRandom random) {
    double[] p = new double[form.parameters().size()];
    double[] fixed = {1.4, .1, 250, 2200, .35, .37};
    System.arraycopy(fixed, 0, p, 0, fixed.length);
    for (int j = 0; j < 3; j++) {
      p[6 + j] = .2 + .6 * random.nextDouble();
    }
    for (List<String> group : form.simplexes()) {
      double sum = 0;
      for (String name : group) {
        double weight = random.nextInt(3) == 0 ? 0 : .4 + 1.9 * random.nextDouble();
        p[form.indexOf(name)] = weight;
        sum += weight;
      }
      for (String name : group) {
        p[form.indexOf(name)] = sum > 0 ? p[form.indexOf(name)] / sum : 1. / group.size();
      }
    }
    p[form.indexOf("gammaA")] = -.8;
    p[form.indexOf("gammaB")] = -.8;
    ObservationsBuilder rows =
        ObservationsBuilder.of(Input.N, Input.D, "share_web", "share_code", "share_books");
    for (int mixture = 0; mixture < 15; mixture++) {
      double[] shares = {
        -Math.log(random.nextDouble()),
        -Math.log(random.nextDouble()),
        -Math.log(random.nextDouble())
      };
      double sum = shares[0] + shares[1] + shares[2];
      for (double n : new double[] {1e7, 5e7, 2.5e8, 1e9}) {
        for (double d : new double[] {3e8, 2e9, 1.2e10, 8e10}) {
          double[] at = {n, d, shares[0] / sum, shares[1] / sum, shares[2] / sum};
          rows.add(form.loss(p, at) * Math.exp(.003 * random.nextGaussian()), at);
        }
      }
    }
    return rows.build();
  }
}
