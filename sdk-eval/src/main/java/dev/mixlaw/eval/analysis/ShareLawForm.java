package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A power law in which the floor and the factors are parabolas in the share s of one corpus:
 *
 * <pre>L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta,   X(s) = X0·(1-s)² + X1·2s(1-s) + X2·s²
 * </pre>
 *
 * <p>The baseline alone has the value X0, and the corpus alone has X2. If X1 is small, a mixture of
 * both is better than either alone. The Bernstein basis makes the law linear in non-negative
 * coefficients. The floor and the factors have separate parabolas, so the best share depends on N
 * and D. The three parameters of a parabola require at least four shares. The joint law of Shukor
 * et al. 2025 ({@link dev.mixlaw.eval.law.LawForms#mixtureJoint}) requires twice as many. This form
 * fails if a small share of the corpus changes the loss considerably and a larger share has no
 * further effect.
 */
final class ShareLawForm implements LawForm {
  private static final int PIECES = 3;

  private final String id;
  private final String formula;
  private final List<Input> inputs;
  private final List<Parameter> parameters;

  /** Index of the exponent of each power among the parameters, in the order of the inputs. */
  private final int[] exponent;

  private ShareLawForm(String corpus, List<Input> scales) {
    List<String> terms = new ArrayList<>();
    List<Parameter> all = new ArrayList<>();
    for (int k = 0; k < PIECES; k++) {
      all.add(Parameter.floor("E" + k));
    }
    for (Input scale : scales) {
      boolean size = scale.name().equals(Input.N);
      for (int k = 0; k < PIECES; k++) {
        all.add(
            Parameter.coefficient(
                (size ? "A" : "B") + k, size ? "loss·parameters^alpha" : "loss·tokens^beta"));
      }
      terms.add(size ? " + A(s)·N^-alpha" : " + B(s)·D^-beta");
    }
    exponent = new int[scales.size()];
    for (int t = 0; t < exponent.length; t++) {
      exponent[t] = all.size();
      all.add(Parameter.exponent(scales.get(t).name().equals(Input.N) ? "alpha" : "beta"));
    }
    String names = String.join(",", scales.stream().map(Input::name).toList());
    formula = "L(" + names + ",s) = E(s)" + String.join("", terms) + ", s = share of " + corpus;
    id = "share-" + names.replace(",", "").toLowerCase(Locale.ROOT);
    parameters = List.copyOf(all);
    List<Input> with = new ArrayList<>(scales);
    with.add(new Input("share_" + corpus, "share of training tokens", false, PIECES + 1));
    inputs = List.copyOf(with);
  }

  static ShareLawForm ofTokens(String corpus) {
    return new ShareLawForm(corpus, List.of(Input.tokens(4)));
  }

  static ShareLawForm ofParams(String corpus) {
    return new ShareLawForm(corpus, List.of(Input.params(4)));
  }

  static ShareLawForm ofBoth(String corpus) {
    return new ShareLawForm(corpus, List.of(Input.params(4), Input.tokens(4)));
  }

  /** Returns the form of this law at a fixed share. */
  LawForm ofOneShare() {
    return exponent.length == 2
        ? LawForms.CHINCHILLA
        : inputs.get(0).name().equals(Input.N) ? LawForms.MODEL : LawForms.DATA;
  }

  /** Returns the number of parameters of E and A, which shift whole curves over tokens. */
  int parametersOfCurves() {
    return exponent.length == 2 ? 2 * PIECES + 1 : PIECES;
  }

  /** Returns the input values at a share, in the order of the inputs. */
  double[] inputs(double share, ToDoubleFunction<Input> scale) {
    double[] values = new double[inputs.size()];
    for (int k = 0; k < exponent.length; k++) {
      values[k] = scale.applyAsDouble(inputs.get(k));
    }
    values[exponent.length] = share;
    return values;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String formula() {
    return formula;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public List<Input> inputs() {
    return inputs;
  }

  /** Returns -ln N and -ln D, if they are inputs, followed by the three Bernstein polynomials. */
  @Override
  public double[] features(double[] in) {
    int scales = exponent.length;
    double s = in[scales];
    double[] z = new double[scales + PIECES];
    for (int t = 0; t < scales; t++) {
      z[t] = -Math.log(in[t]);
    }
    z[scales] = (1 - s) * (1 - s);
    z[scales + 1] = 2 * s * (1 - s);
    z[scales + 2] = s * s;
    return z;
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    int scales = exponent.length;
    double loss = 0;
    for (int k = 0; k < PIECES; k++) {
      gradient[k] = z[scales + k];
      loss += p[k] * z[scales + k];
    }
    for (int t = 0; t < scales; t++) {
      double power = Math.exp(p[exponent[t]] * z[t]);
      double term = 0;
      for (int k = 0; k < PIECES; k++) {
        int at = PIECES * (t + 1) + k;
        gradient[at] = z[scales + k] * power;
        term += p[at] * gradient[at];
      }
      gradient[exponent[t]] = term * z[t];
      loss += term;
    }
    return loss;
  }
}
