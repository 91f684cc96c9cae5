package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sum of power laws. Each term is {@code c·exp(e_1·z_1 + …)}, where the coefficient c and the
 * exponents e are parameters. The features z are usually logarithms of inputs.
 */
final class PowerSumForm extends AbstractLawForm {
  /**
   * A term.
   *
   * @param coefficient index of the coefficient among the parameters
   * @param exponents indices of the exponents; an empty array for a constant
   * @param features index of the feature of each exponent
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  record Term(int coefficient, int[] exponents, int[] features) {
    static Term constant(int coefficient) {
      return new Term(coefficient, new int[0], new int[0]);
    }

    static Term power(int coefficient, int exponent, int feature) {
      return new Term(coefficient, new int[] {exponent}, new int[] {feature});
    }
  }

  private final Term[] terms;
  private final UnaryOperator<double[]> features;

  PowerSumForm(
      String id,
      String formula,
      List<Input> inputs,
      List<Parameter> parameters,
      List<Term> terms,
      UnaryOperator<double[]> features) {
    super(id, formula, inputs, parameters);
    this.terms = terms.toArray(Term[]::new);
    this.features = features;
  }

  static LawForm of(String id, String formula, List<Input> inputs, Parameter... others) {
    List<Parameter> parameters = new ArrayList<>(List.of(Parameter.floor("E")));
    parameters.addAll(List.of(others));
    List<Term> terms = new ArrayList<>(List.of(Term.constant(0)));
    for (int k = 0; k < inputs.size(); k++) {
      terms.add(Term.power(1 + k, 1 + inputs.size() + k, k));
    }
    return new PowerSumForm(
        id,
        formula,
        inputs,
        parameters,
        terms,
        in -> Arrays.stream(in).map(x -> -Math.log(x)).toArray());
  }

  @Override
  public double[] features(double[] in) {
    return features.apply(in);
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    Arrays.fill(gradient, 0);
    double value = 0;
    for (Term t : terms) {
      double exponent = 0;
      for (int k = 0; k < t.exponents.length; k++) {
        exponent += p[t.exponents[k]] * z[t.features[k]];
      }
      double power = t.exponents.length == 0 ? 1 : Math.exp(exponent);
      double term = p[t.coefficient] * power;
      gradient[t.coefficient] = power;
      for (int k = 0; k < t.exponents.length; k++) {
        gradient[t.exponents[k]] += term * z[t.features[k]];
      }
      value += term;
    }
    return value;
  }
}
