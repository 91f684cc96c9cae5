package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The coordinates of the solver, which are the free parameters of a form or their logarithms. In a
 * group of parameters that sum to 1, the dependent parameter follows from the other parameters and
 * has no coordinate.
 */
final class ParameterSpace {
  final LawForm form;

  /** All parameters of the form, with the bounds of this space. */
  final List<Parameter> all;

  final int dimension;

  /** Index of each coordinate's parameter in the form. */
  final int[] parameter;

  /**
   * Index of the dependent parameter in the group of each coordinate, or -1 if there is no group.
   */
  final int[] dependent;

  final boolean[] logarithmic;
  final double[] lower;
  final double[] upper;

  /**
   * Unit of step lengths in each coordinate: a quarter of its starting range, or 1 for a
   * coefficient.
   */
  final double[] unit;

  /** Indices of the parameters in each group that sums to 1. */
  private final int[][] groups;

  private final int[] dependents;

  private final Set<Integer> fixed;

  /** Array of all parameters with the values of the fixed ones, and 0 for the others. */
  private final double[] template;

  public ParameterSpace(LawForm form, Map<String, Double> fixed) {
    this(form, fixed, Map.of());
  }

  /**
   * Creates a space.
   *
   * @param fixed map from the name of each fixed parameter to its value
   * @param bounded map from name to a parameter, with other bounds, that replaces that of the form
   */
  ParameterSpace(LawForm form, Map<String, Double> fixed, Map<String, Parameter> bounded) {
    this(
        form,
        form.parameters().stream().map(p -> bounded.getOrDefault(p.name(), p)).toList(),
        positions(form, fixed),
        template(form, fixed),
        groups(form, fixed),
        new int[0]);
  }

  private ParameterSpace(
      LawForm form,
      List<Parameter> all,
      Set<Integer> fixed,
      double[] template,
      int[][] groups,
      int[] chosen) {
    this.form = form;
    this.all = all;
    this.fixed = fixed;
    this.template = template;
    this.groups = groups;
    dependents =
        chosen.length == groups.length
            ? chosen
            : Arrays.stream(groups).mapToInt(group -> first(group, fixed)).toArray();
    parameter =
        IntStream.range(0, all.size())
            .filter(i -> !fixed.contains(i) && Arrays.stream(dependents).noneMatch(d -> d == i))
            .toArray();
    dimension = parameter.length;
    dependent = new int[dimension];
    Arrays.fill(dependent, -1);
    logarithmic = new boolean[dimension];
    lower = new double[dimension];
    upper = new double[dimension];
    unit = new double[dimension];
    for (int k = 0; k < dimension; k++) {
      Parameter p = parameter(k);
      logarithmic[k] = p.logarithmic();
      lower[k] = coordinate(k, p.lower());
      upper[k] = coordinate(k, p.upper());
      unit[k] =
          p.coefficient() ? 1 : (coordinate(k, p.startHigh()) - coordinate(k, p.startLow())) / 4;
      for (int g = 0; g < groups.length; g++) {
        int at = parameter[k];
        if (Arrays.stream(groups[g]).anyMatch(i -> i == at)) {
          dependent[k] = dependents[g];
        }
      }
    }
  }

  private static Set<Integer> positions(LawForm form, Map<String, Double> fixed) {
    Set<Integer> positions = new HashSet<>();
    fixed.keySet().forEach(name -> positions.add(form.indexOf(name)));
    return positions;
  }

  private static double[] template(LawForm form, Map<String, Double> fixed) {
    double[] template = new double[form.parameters().size()];
    fixed.forEach((name, value) -> template[form.indexOf(name)] = value);
    return template;
  }

  private static int[][] groups(LawForm form, Map<String, Double> fixed) {
    List<int[]> groups = new ArrayList<>();
    for (List<String> group : form.simplexes()) {
      if (!fixed.keySet().containsAll(group)) {
        groups.add(group.stream().mapToInt(form::indexOf).toArray());
      }
    }
    return groups.toArray(int[][]::new);
  }

  private static int first(int[] group, Set<Integer> fixed) {
    return Arrays.stream(group).filter(i -> !fixed.contains(i)).findFirst().orElseThrow();
  }

  /** Returns the space in which the largest parameter of each group is the dependent one. */
  ParameterSpace around(double[] parameters) {
    int[] largest = dependents.clone();
    for (int g = 0; g < groups.length; g++) {
      for (int i : groups[g]) {
        // The factor avoids alternating between two parameters that are nearly equal.
        if (!fixed.contains(i) && parameters[i] > 2 * parameters[largest[g]]) {
          largest[g] = i;
        }
      }
    }
    return Arrays.equals(largest, dependents)
        ? this
        : new ParameterSpace(form, all, fixed, template, groups, largest);
  }

  /** Returns whether another parameter of a group should be the dependent one. */
  boolean isCrowded(double[] u) {
    return groups.length > 0 && around(parameters(u)) != this;
  }

  /**
   * Returns the largest fraction of a step, up to 1, that keeps each dependent parameter above 0.
   */
  double feasiblePart(double[] u, double[] step) {
    double part = 1;
    for (int d : dependents) {
      double rest = 1;
      double change = 0;
      for (int k = 0; k < dimension; k++) {
        if (dependent[k] == d) {
          rest -= u[k];
          change += step[k];
        }
      }
      if (change > 0.9 * rest) {
        part = Math.min(part, 0.9 * rest / change);
      }
    }
    return part;
  }

  int[][] groups() {
    return groups;
  }

  /** Scales the weights of a group that are not fixed, so that the group sums to 1. */
  void normalize(double[] parameters, int[] group) {
    double sum = 0;
    double rest = 1;
    for (int i : group) {
      sum += isFixed(i) ? 0 : parameters[i];
      rest -= isFixed(i) ? parameters[i] : 0;
    }
    for (int i : group) {
      parameters[i] *= isFixed(i) ? 1 : rest / sum;
    }
  }

  boolean isFixed(int position) {
    return fixed.contains(position);
  }

  Parameter parameter(int k) {
    return all.get(parameter[k]);
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

  /** Converts coordinates to parameters. Returns false if a dependent parameter is negative. */
  boolean toParameters(double[] u, double[] parameters) {
    for (int k = 0; k < dimension; k++) {
      parameters[parameter[k]] = logarithmic[k] ? Math.exp(u[k]) : u[k];
    }
    boolean inside = true;
    for (int g = 0; g < groups.length; g++) {
      double rest = 1;
      for (int i : groups[g]) {
        rest -= i == dependents[g] ? 0 : parameters[i];
      }
      parameters[dependents[g]] = rest;
      inside &= rest >= 0;
    }
    return inside;
  }

  boolean atBound(double[] parameters, int k) {
    double u = coordinate(k, parameters[parameter[k]]);
    return u <= lower[k] || u >= upper[k];
  }

  double derivative(double[] parameters, int k) {
    return logarithmic[k] ? parameters[parameter[k]] : 1;
  }

  public double[] parameters(double[] u) {
    double[] p = newParameters();
    toParameters(u, p);
    return p;
  }

  public double[] coordinates(double[] parameters) {
    double[] u = new double[dimension];
    for (int k = 0; k < dimension; k++) {
      u[k] = clamp(k, coordinate(k, parameters[parameter[k]]));
    }
    return u;
  }
}
