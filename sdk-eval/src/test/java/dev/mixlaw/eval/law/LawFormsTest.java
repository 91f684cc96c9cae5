package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LawFormsTest {
  static Stream<Truth> forms() {
    return Truth.all();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void gradientsAreThoseOfFiniteDifferences(Truth truth) {
    double[] p = truth.parameters();
    double[] gradient = new double[p.length];
    for (double[] at : truth.design()) {
      double[] z = truth.form().features(at);
      double loss = truth.form().evaluate(p, z, gradient);
      for (int k = 0; k < p.length; k++) {
        double h = 1e-4 * Math.abs(p[k]);
        double near = at(truth, z, k, h) - at(truth, z, k, -h);
        double far = at(truth, z, k, 2 * h) - at(truth, z, k, -2 * h);
        double difference = (8 * near - far) / (12 * h);
        // compare relative changes of the loss for a relative change of the parameter
        assertThat(gradient[k] * p[k] / loss)
            .as("%s by %s", truth, truth.form().parameters().get(k).name())
            .isCloseTo(difference * p[k] / loss, within(1e-10));
      }
    }
  }

  private static double at(Truth truth, double[] features, int parameter, double step) {
    double[] p = truth.parameters().clone();
    p[parameter] += step;
    return truth.form().evaluate(p, features, new double[p.length]);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void coefficientsEnterLinearly(Truth truth) {
    double[] gradient = new double[truth.parameters().length];
    double[] elsewhere = new double[truth.parameters().length];
    double[] z = truth.form().features(truth.design().get(3));
    truth.form().evaluate(truth.parameters(), z, gradient);
    for (int k = 0; k < gradient.length; k++) {
      if (truth.form().parameters().get(k).coefficient()) {
        double[] p = truth.parameters().clone();
        p[k] *= 7;
        truth.form().evaluate(p, z, elsewhere);
        for (int j = 0; j < gradient.length; j++) {
          if (truth.form().parameters().get(j).coefficient()) {
            assertThat(elsewhere[j]).isEqualTo(gradient[j], within(1e-12 * Math.abs(gradient[j])));
          }
        }
      }
    }
  }

  @Test
  void namesOfParametersAreAsciiAndUnique() {
    forms()
        .forEach(
            truth -> {
              List<String> names = truth.form().parameters().stream().map(Parameter::name).toList();
              assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("[A-Za-z_0-9]+"));
            });
  }

  @Test
  void aMixtureNeedsTwoSources() {
    assertThatThrownBy(() -> LawForms.mixing(List.of("web")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least two");
  }

  @Test
  void everyFormIsFoundByItsIdAndTakesItsSources() {
    for (String id : LawForms.ids()) {
      List<String> sources =
          switch (id) {
            case "mixing", "mixture-additive", "mixture-joint" -> List.of("web", "code");
            case "bimix" -> List.of("web");
            default -> List.of();
          };
      assertThat(LawForms.named(id, sources).id()).isEqualTo(id);
    }
    assertThat(LawForms.ids()).hasSize(12);
    assertThatThrownBy(() -> LawForms.named("chinchila", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "form chinchila is unknown; expected one of [added-synthetic, bimix, chinchilla,");
    assertThatThrownBy(() -> LawForms.named("mixing", List.of("web")))
        .hasMessageContaining("expected at least two sources");
    assertThatThrownBy(() -> LawForms.named("data", List.of("web")))
        .hasMessageContaining("expected no sources");
  }

  @Test
  void overtrainingIsTheSameByComputeAsByParametersAndTokens() {
    double[] parameters = {1.8, 212, 367, .136};
    double n = 1.5e8;
    double d = 4e9;
    assertThat(LawForms.OVERTRAINING_BY_COMPUTE.loss(parameters, 6 * n * d, d / n))
        .isCloseTo(LawForms.OVERTRAINING.loss(parameters, n, d), within(1e-12));
  }
}
