package dev.mixlaw.eval.law;

import java.util.List;
import java.util.function.UnaryOperator;

/** A sum of power laws: a constant and terms {@code c·exp(e·z)} with one feature {@code z} each. */
final class PowerSumForm extends AbstractLawForm {
  /** Positions of the coefficient and the exponent of a term among the parameters. */
  public record Term(int coefficient, int exponent) {}

  private final int floor;
  private final int[] coefficient;
  private final int[] exponent;

  /** True if no earlier term has the same exponent. */
  private final boolean[] firstUse;

  private final UnaryOperator<double[]> features;

  public PowerSumForm(
      String id,
      String formula,
      List<Input> inputs,
      List<Parameter> parameters,
      int floor,
      List<Term> terms,
      UnaryOperator<double[]> features) {
    super(id, formula, inputs, parameters);
    this.floor = floor;
    this.coefficient = terms.stream().mapToInt(Term::coefficient).toArray();
    this.exponent = terms.stream().mapToInt(Term::exponent).toArray();
    firstUse = new boolean[exponent.length];
    for (int k = 0; k < exponent.length; k++) {
      firstUse[k] = true;
      for (int j = 0; j < k; j++) {
        firstUse[k] &= exponent[j] != exponent[k];
      }
    }
    this.features = features;
  }

  @Override
  public double[] features(double[] in) {
    return features.apply(in);
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double value = p[floor];
    gradient[floor] = 1;
    for (int k = 0; k < coefficient.length; k++) {
      double power = Math.exp(p[exponent[k]] * z[k]);
      double term = p[coefficient[k]] * power;
      gradient[coefficient[k]] = power;
      gradient[exponent[k]] = firstUse[k] ? term * z[k] : gradient[exponent[k]] + term * z[k];
      value += term;
    }
    return value;
  }
}
