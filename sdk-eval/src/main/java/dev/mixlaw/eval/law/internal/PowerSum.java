package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Parameter;
import java.util.List;
import java.util.function.UnaryOperator;

/** A floor and terms {@code c·exp(e·z)}, one feature {@code z} a term: sums of power laws. */
public final class PowerSum implements LawForm {
  /** Positions of a term's coefficient and exponent among the parameters. */
  public record Term(int coefficient, int exponent) {}

  private final String id;
  private final String formula;
  private final List<Input> inputs;
  private final List<Parameter> parameters;
  private final int floor;
  private final int[] coefficient;
  private final int[] exponent;

  /** Whether no earlier term has this one's exponent. */
  private final boolean[] firstUse;

  private final UnaryOperator<double[]> features;

  public PowerSum(
      String id,
      String formula,
      List<Input> inputs,
      List<Parameter> parameters,
      int floor,
      List<Term> terms,
      UnaryOperator<double[]> features) {
    this.id = id;
    this.formula = formula;
    this.inputs = List.copyOf(inputs);
    this.parameters = List.copyOf(parameters);
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

  @Override
  public String toString() {
    return formula;
  }
}
