package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.List;

/**
 * Chinchilla's law with an additional term for the shares. In the joint form, the factors A and B
 * also depend on the shares.
 *
 * <p>Each weighted sum of shares is normalized: its weights sum to 1, and its scale is part of K, A
 * or B. The parameterization has the same number of free parameters as the published one, but it is
 * linear in all scales, and weights can be 0.
 */
final class MixtureScalingForm extends AbstractLawForm {
  private final int sources;
  private final boolean joint;

  /** Index of the first parameter of each group that follows E, K, A, B, alpha and beta. */
  private final int gamma;

  private final int weight;
  private final int weightA;
  private final int weightB;
  private final int gammaA;
  private final int gammaB;

  public MixtureScalingForm(List<String> sources, boolean joint) {
    super(
        joint ? "mixture-joint" : "mixture-additive",
        "L = E + K/(sum_j c_j·r_j^gamma_j) + "
            + (joint
                ? "A·(sum_j a_j·r_j)^gammaA·N^-alpha + B·(sum_j b_j·r_j)^gammaB·D^-beta"
                : "A·N^-alpha + B·D^-beta")
            + (joint ? ", each of c, a and b sums to 1" : ", c sums to 1"),
        withShares(List.of(Input.params(4), Input.tokens(4)), sources),
        parameters(sources, joint));
    this.sources = sources.size();
    this.joint = joint;
    gamma = 6;
    weight = gamma + this.sources;
    weightA = weight + this.sources;
    weightB = weightA + this.sources;
    gammaA = weightB + this.sources;
    gammaB = gammaA + 1;
  }

  private static List<Parameter> parameters(List<String> sources, boolean joint) {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.floor("E"));
    all.add(Parameter.coefficient("K", "loss"));
    all.add(Parameter.coefficient("A", "loss·parameters^alpha"));
    all.add(Parameter.coefficient("B", "loss·tokens^beta"));
    all.add(Parameter.exponent("alpha"));
    all.add(Parameter.exponent("beta"));
    sources.forEach(s -> all.add(Parameter.exponent("gamma_" + s)));
    sources.forEach(s -> all.add(Parameter.weight("c_" + s)));
    if (joint) {
      sources.forEach(s -> all.add(Parameter.weight("a_" + s)));
      sources.forEach(s -> all.add(Parameter.weight("b_" + s)));
      all.add(Parameter.signed("gammaA", 2));
      all.add(Parameter.signed("gammaB", 2));
    }
    return all;
  }

  @Override
  public double[] features(double[] in) {
    double[] z = new double[2 + 2 * sources];
    z[0] = Math.log(in[0]);
    z[1] = Math.log(in[1]);
    for (int j = 0; j < sources; j++) {
      z[2 + j] = in[2 + j];
      z[2 + sources + j] = Math.log(in[2 + j]); // -infinity for 0, whose powers are 0
    }
    return z;
  }

  @Override
  public List<List<String>> simplexes() {
    List<List<String>> groups = new ArrayList<>();
    for (int from = weight; from < (joint ? gammaA : weightA); from += sources) {
      groups.add(parameters().subList(from, from + sources).stream().map(Parameter::name).toList());
    }
    return groups;
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double sum = 0;
    for (int j = 0; j < sources; j++) {
      double power = z[2 + j] > 0 ? Math.exp(p[gamma + j] * z[2 + sources + j]) : 0;
      gradient[weight + j] = power;
      sum += p[weight + j] * power;
    }
    double mixed = p[1] / sum;
    double by = -mixed / sum;
    gradient[0] = 1;
    gradient[1] = 1 / sum;
    for (int j = 0; j < sources; j++) {
      gradient[weight + j] *= by;
      gradient[gamma + j] =
          z[2 + j] > 0 ? p[weight + j] * gradient[weight + j] * z[2 + sources + j] : 0;
    }
    double powerN = Math.exp(-p[4] * z[0]);
    double powerD = Math.exp(-p[5] * z[1]);
    double model = joint ? powerN * bracket(p, z, gradient, 2, weightA, gammaA, powerN) : powerN;
    double data = joint ? powerD * bracket(p, z, gradient, 3, weightB, gammaB, powerD) : powerD;
    gradient[2] = model;
    gradient[3] = data;
    gradient[4] = -p[2] * model * z[0];
    gradient[5] = -p[3] * data * z[1];
    return p[0] + mixed + p[2] * model + p[3] * data;
  }

  private double bracket(
      double[] p,
      double[] z,
      double[] gradient,
      int scale,
      int weights,
      int exponent,
      double power) {
    double sum = 0;
    for (int j = 0; j < sources; j++) {
      sum += p[weights + j] * z[2 + j];
    }
    double log = Math.log(sum);
    double value = Math.exp(p[exponent] * log);
    double term = p[scale] * power * value;
    for (int j = 0; j < sources; j++) {
      gradient[weights + j] = term * p[exponent] * z[2 + j] / sum;
    }
    gradient[exponent] = term * log;
    return value;
  }
}
