package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.eval.analysis.ShareLaws.ShareLawForm;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareLawFormTest {
  private static final double[] VALUES = {
    2.5, 2.3, 2.4, 2.8, 20, 15, 16, 30, 200, 150, 160, 300, 0.3, 0.35
  };

  private static ShareLawForm form(int shares, String... scales) {
    List<Input> all = new ArrayList<>();
    for (String scale : scales) {
      all.add(scale.equals(Input.N) ? Input.params(4) : Input.tokens(4));
    }
    return new ShareLawForm("hq", all, shares);
  }

  @Test
  void gradientAgreesWithFiniteDifferences() {
    ShareLawForm form = form(5, Input.N, Input.D);
    double[] gradient = new double[VALUES.length];
    double[] at = form.features(new double[] {1e6, 4e6, 0.3});

    form.evaluate(VALUES, at, gradient);

    for (int k = 0; k < VALUES.length; k++) {
      double step = 1e-5 * VALUES[k];
      double[] more = VALUES.clone();
      double[] less = VALUES.clone();
      more[k] += step;
      less[k] -= step;
      double slope = (form.loss(more, 1e6, 4e6, 0.3) - form.loss(less, 1e6, 4e6, 0.3)) / (2 * step);
      assertThat(gradient[k]).isCloseTo(slope, within(1e-6 * Math.abs(slope) + 1e-12));
    }
  }

  @Test
  void atNoneAndAtAllOfTheCorpusItIsAPlainLaw() {
    ShareLawForm form = form(5, Input.N, Input.D);

    assertThat(form.loss(VALUES, 1e6, 4e6, 0))
        .isCloseTo(2.5 + 20 * Math.pow(1e6, -0.3) + 200 * Math.pow(4e6, -0.35), within(1e-12));
    assertThat(form.loss(VALUES, 1e6, 4e6, 1))
        .isCloseTo(2.8 + 30 * Math.pow(1e6, -0.3) + 300 * Math.pow(4e6, -0.35), within(1e-12));
  }

  @Test
  void namesParametersByWhatTheyAre() {
    assertThat(form(4, Input.D).parameters())
        .extracting(Parameter::name)
        .isEqualTo(List.of("E0", "E1", "E2", "B0", "B1", "B2", "beta"));
    assertThat(form(4, Input.N).id()).isEqualTo("share-n");
    assertThat(form(5, Input.N, Input.D).formula())
        .isEqualTo("L(N,D,s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta, s = share of hq");
  }
}
