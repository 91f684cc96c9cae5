package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.eval.stats.SingularValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class Identification {
  /**
   * A parameter has no effect if the derivative of ln(loss) with respect to its coordinate is at
   * most this value for every observation.
   */
  private static final double NOTHING = 1e-7;

  /**
   * Value that replaces a weight of 0, to find the parameters that have no effect because of it.
   */
  private static final double SOME = 0.01;

  /** Condition number above which the parameters are not individually identified. */
  private static final double CONDITION_LIMIT = 1e8;

  private final ParameterSpace space;
  private final FitData rows;
  private final Criterion criterion;
  private final double[] parameters;
  private final List<Integer> atBound = new ArrayList<>();
  private final List<Integer> idle = new ArrayList<>();
  private final Set<Integer> ineffective = new HashSet<>();
  private final List<Integer> active = new ArrayList<>();
  private final SingularValues singular;
  private final double condition;

  Identification(ParameterSpace all, FitData rows, Criterion criterion, double[] parameters) {
    space = all.around(parameters);
    this.rows = rows;
    this.criterion = criterion;
    this.parameters = parameters;
    ObjectiveEvaluation state = ObjectiveEvaluation.at(space, rows, criterion, parameters);
    for (int k = 0; k < space.dimension; k++) {
      if (effect(state, k) <= NOTHING) {
        ineffective.add(k);
      }
      if (space.atBound(parameters, k)) {
        atBound.add(k);
      } else if (ineffective.contains(k)) {
        idle.add(k);
      } else {
        active.add(k);
      }
    }
    int p = active.size();
    singular = SingularValues.of(scaledColumns(state, p), rows.count, p);
    double least = Arrays.stream(singular.values()).min().orElse(1);
    double most = Arrays.stream(singular.values()).max().orElse(1);
    condition = least > 0 ? most / least : Double.POSITIVE_INFINITY;
  }

  private double effect(ObjectiveEvaluation state, int k) {
    double most = 0;
    for (int i = 0; i < rows.count; i++) {
      double d = Math.abs(state.jacobian[i * space.dimension + k]);
      most = Math.max(most, criterion.logarithmic() ? d : d / rows.losses[i]);
    }
    return most;
  }

  private double[] scaledColumns(ObjectiveEvaluation state, int p) {
    double[] a = new double[rows.count * p];
    for (int j = 0; j < p; j++) {
      double square = 0;
      for (int i = 0; i < rows.count; i++) {
        double d = state.jacobian[i * space.dimension + active.get(j)];
        square += d * d;
      }
      for (int i = 0; i < rows.count; i++) {
        a[i * p + j] = state.jacobian[i * space.dimension + active.get(j)] / Math.sqrt(square);
      }
    }
    return a;
  }

  /**
   * Returns the condition number of the Jacobian of the residuals in the coordinates of the solver.
   * Columns are scaled to a length of 1. Parameters at a bound or without effect are omitted.
   */
  double condition() {
    return condition;
  }

  boolean isFlat() {
    return condition >= CONDITION_LIMIT;
  }

  boolean isAtBound() {
    return !atBound.isEmpty();
  }

  boolean isActive(int k) {
    return active.contains(k);
  }

  /**
   * Returns the names of the parameters without effect on the loss, for example because the factor
   * of their term is almost 0. Parameters without effect because a weight is 0 are not included.
   */
  List<String> vanished() {
    return idle.stream().filter(k -> cause(k).isEmpty()).map(this::name).toList();
  }

  private Optional<String> cause(int k) {
    for (int[] group : space.groups()) {
      for (int weight : group) {
        if (parameters[weight] == 0 && !space.isFixed(weight)) {
          double[] other = parameters.clone();
          for (int i : group) {
            other[i] *= space.isFixed(i) ? 1 : 1 - SOME;
          }
          other[weight] = SOME;
          if (effect(ObjectiveEvaluation.at(space, rows, criterion, other), k) > NOTHING) {
            return Optional.of(space.form.parameters().get(weight).name());
          }
        }
      }
    }
    return Optional.empty();
  }

  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (isAtBound()) {
      warnings.add(
          "parameters at a bound of their allowed range: "
              + atBound.stream().map(this::atBound).collect(Collectors.joining(", ")));
    }
    if (!idle.isEmpty()) {
      warnings.add(
          "parameters without effect: "
              + idle.stream()
                  .map(k -> name(k) + cause(k).map(c -> " (because " + c + " is 0)").orElse(""))
                  .collect(Collectors.joining(", ")));
    }
    if (isFlat()) {
      warnings.add(
          Texts.format(
              "weakly identified: %s can change together with almost no effect on the fit (a flat direction; condition number %.1e)",
              String.join(", ", flatDirection()), condition));
    }
    return warnings;
  }

  private String atBound(int k) {
    Parameter p = space.parameter(k);
    double value = parameters[space.parameter[k]];
    if (value == 0) {
      return p.name() + " = 0";
    }
    boolean upper = value >= p.upper() * (1 - 1e-12);
    String effect =
        ineffective.contains(k)
            ? "no effect"
            : "a " + (upper ? "larger" : "smaller") + " value would fit better";
    return Texts.format("%s = %.4g (%s)", p.name(), value, effect);
  }

  /**
   * Returns the names of the parameters with the largest components in the direction in which the
   * residuals change least.
   */
  private List<String> flatDirection() {
    double[] values = singular.values();
    int flattest =
        IntStream.range(0, values.length)
            .boxed()
            .min(Comparator.comparingDouble(k -> values[k]))
            .orElseThrow();
    double[] v = singular.directions()[flattest];
    double most = Arrays.stream(v).map(Math::abs).max().orElse(0);
    return IntStream.range(0, v.length)
        .filter(j -> Math.abs(v[j]) >= 0.3 * most)
        .mapToObj(j -> name(active.get(j)))
        .toList();
  }

  private String name(int k) {
    return space.parameter(k).name();
  }
}
