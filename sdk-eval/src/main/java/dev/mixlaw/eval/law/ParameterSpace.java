package dev.mixlaw.eval.law;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The coordinates of the solver: the free parameters of a form, or their logarithms. */
final class ParameterSpace {
  final LawForm form;
  final int dimension;

  /** Position of each coordinate's parameter in the form. */
  final int[] parameter;

  final boolean[] logarithmic;
  final double[] lower;
  final double[] upper;

  /** Values of the fixed parameters at their positions; 0 elsewhere. */
  private final double[] template;

  public ParameterSpace(LawForm form, Map<String, Double> fixed) {
    this.form = form;
    List<Parameter> all = form.parameters();
    template = new double[all.size()];
    fixed.forEach((name, value) -> template[form.indexOf(name)] = value);
    parameter =
        IntStream.range(0, all.size()).filter(i -> !fixed.containsKey(all.get(i).name())).toArray();
    dimension = parameter.length;
    logarithmic = new boolean[dimension];
    lower = new double[dimension];
    upper = new double[dimension];
    for (int k = 0; k < dimension; k++) {
      Parameter p = parameter(k);
      logarithmic[k] = p.logarithmic();
      lower[k] = coordinate(k, p.lower());
      upper[k] = coordinate(k, p.upper());
    }
  }

  public int dimension() {
    return dimension;
  }

  Parameter parameter(int k) {
    return form.parameters().get(parameter[k]);
  }

  double coordinate(int k, double value) {
    return logarithmic[k] ? Math.log(value) : value;
  }

  double clamp(int k, double coordinate) {
    return Math.min(upper[k], Math.max(lower[k], coordinate));
  }

  double[] newParameters() {
    return template.clone();
  }

  void toParameters(double[] u, double[] parameters) {
    for (int k = 0; k < dimension; k++) {
      parameters[parameter[k]] = logarithmic[k] ? Math.exp(u[k]) : u[k];
    }
  }

  public double[] parameters(double[] u) {
    double[] p = newParameters();
    toParameters(u, p);
    return p;
  }

  public double[] coordinates(double[] parameters) {
    double[] u = new double[dimension];
    for (int k = 0; k < dimension; k++) {
      u[k] = coordinate(k, parameters[parameter[k]]);
    }
    return u;
  }
}
