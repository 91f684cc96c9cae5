package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Points from which a descent may reach another minimum of the objective. Each point differs from
 * the given minimum in one of these ways:
 *
 * <ul>
 *   <li>A nonlinear parameter has another value in its starting range or is at its upper bound.
 *   <li>A weight of a group is 0 or 0.1, or all weights of a group are equal.
 *   <li>A parameter that can have either sign has another value. If it is the exponent of a
 *       weighted sum, the differences between the weights are scaled inversely, so that the power
 *       of the sum changes only to second order.
 * </ul>
 *
 * <p>The linear parameters of each point are computed from its nonlinear parameters ({@link
 * StartPoints#complete}).
 */
final class Neighbourhood {
  /**
   * Values to which a logarithmic parameter is set, as positions in its starting range from 0
   * (lower end) to 1 (upper end).
   */
  private static final double[] PLACES = {0.35, 0.7, 0.85, 1};

  private static final double[] SIGNED_PLACES = {0, 0.375, 0.475, 0.525, 0.625, 1};
  private static final double[] WEIGHTS = {0, 0.1};

  private final ParameterSpace space;
  private final StartPoints points;

  /** Sets of changes, each of which turns a copy of the minimum into a neighbour. */
  private final List<List<Consumer<double[]>>> sets = new ArrayList<>();

  Neighbourhood(ParameterSpace space, StartPoints points, double[] features) {
    this.space = space;
    this.points = points;
    for (int i = 0; i < space.all.size(); i++) {
      Parameter p = space.all.get(i);
      int at = i;
      if (space.isFixed(i) || p.coefficient()) {
        continue;
      }
      if (p.lower() < 0) {
        double range = p.startHigh() - p.startLow();
        Optional<int[]> group =
            Arrays.stream(space.groups()).filter(g -> raises(at, g, features)).findFirst();
        add(
            DoubleStream.of(SIGNED_PLACES).map(place -> p.startLow() + place * range),
            (q, value) -> {
              group.ifPresent(g -> spread(q, g, q[at] / value));
              q[at] = value;
            });
      } else if (p.logarithmic()) {
        double range = p.startHigh() / p.startLow();
        add(
            DoubleStream.concat(
                DoubleStream.of(PLACES).map(place -> p.startLow() * Math.pow(range, place)),
                DoubleStream.of(p.upper())),
            (q, value) -> q[at] = value);
      }
    }
    for (int[] group : space.groups()) {
      add(DoubleStream.of(0), (q, value) -> spread(q, group, value));
      for (int weight : group) {
        if (!space.isFixed(weight)) {
          add(DoubleStream.of(WEIGHTS), (q, value) -> weigh(q, weight, value, group));
        }
      }
    }
  }

  private interface Change {
    void apply(double[] parameters, double value);
  }

  private void add(DoubleStream values, Change change) {
    sets.add(values.<Consumer<double[]>>mapToObj(value -> q -> change.apply(q, value)).toList());
  }

  /** Returns the number of sets of neighbours. */
  int size() {
    return sets.size();
  }

  /** Returns the neighbours of a minimum in one set. */
  List<double[]> of(double[] minimum, int set) {
    return sets.get(set).stream()
        .map(
            change -> {
              double[] other = minimum.clone();
              change.accept(other);
              return other;
            })
        .filter(other -> !Arrays.equals(other, minimum))
        .map(other -> points.complete(other).parameters())
        .toList();
  }

  /**
   * Returns whether a parameter is the exponent of a weighted sum, so that the weights of the group
   * have no effect if the parameter is 0.
   */
  private boolean raises(int signed, int[] group, double[] features) {
    double[] p = space.newParameters();
    for (int i = 0; i < p.length; i++) {
      p[i] = space.isFixed(i) ? p[i] : space.all.get(i).startHigh();
    }
    p[signed] = 0;
    double[] gradient = new double[p.length];
    space.form.evaluate(p, features, gradient);
    return Arrays.stream(group).allMatch(i -> gradient[i] == 0);
  }

  /** Multiplies the differences between the free weights of a group and their mean by a factor. */
  private void spread(double[] p, int[] group, double times) {
    int[] free = Arrays.stream(group).filter(i -> !space.isFixed(i)).toArray();
    double fixed = Arrays.stream(group).filter(space::isFixed).mapToDouble(i -> p[i]).sum();
    double mean = (1 - fixed) / free.length;
    for (int i : free) {
      p[i] = Math.max(0, mean + times * (p[i] - mean));
    }
    space.normalize(p, group);
  }

  private void weigh(double[] p, int weight, double value, int[] group) {
    double sum = Arrays.stream(group).filter(i -> !space.isFixed(i)).mapToDouble(i -> p[i]).sum();
    if (p[weight] < sum) {
      p[weight] = value / (1 - value) * (sum - p[weight]);
      space.normalize(p, group);
    }
  }
}
