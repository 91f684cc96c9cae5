package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.stats.GramSchmidt;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/** Checks whether the inputs of the observations can identify the parameters of a law. */
final class DesignCheck {
  /** Largest share of the variance of ln D that ln N may explain. */
  private static final double COLLINEAR = 0.999;

  private DesignCheck() {}

  static int distinct(double[][] inputs) {
    Set<List<Double>> points = new LinkedHashSet<>();
    for (double[] row : inputs) {
      points.add(Arrays.stream(row).boxed().toList());
    }
    return points.size();
  }

  /**
   * Returns a refusal with the first reason why the parameters cannot be identified, or empty if
   * they can.
   *
   * @param inputs {@code [observations][inputs of the form]}
   * @param free number of free parameters
   */
  static Optional<Refusal> refusal(String question, LawForm form, double[][] inputs, int free) {
    int fixed = new ParameterSpace(form, Map.of()).dimension - free;
    for (int k = 0; k < form.inputs().size(); k++) {
      Input input = form.inputs().get(k);
      int needed = input.levels() <= 1 ? 1 : Math.max(2, input.levels() - fixed);
      int column = k;
      long levels = Arrays.stream(inputs).mapToDouble(row -> row[column]).distinct().count();
      if (levels < needed) {
        return Optional.of(
            new Refusal(
                question,
                "%s distinct %s (%s) are too few to identify the parameters that depend on %s; several seeds at one point count once"
                    .formatted(levels, input.name(), input.unit(), input.name()),
                "use at least " + needed + " distinct values of " + input.name()));
      }
    }
    int points = distinct(inputs);
    if (points < free + 1) {
      return Optional.of(
          new Refusal(
              question,
              points + " distinct points are too few for " + free + " parameters",
              "use at least " + (free + 1) + " distinct points"));
    }
    return collinear(form, inputs)
        ? Optional.of(
            new Refusal(
                question,
                "N and D are collinear, so their effects cannot be separated",
                "add runs that change D at the same N, or N at the same D"))
        : Optional.empty();
  }

  private static boolean collinear(LawForm form, double[][] inputs) {
    List<String> names = form.inputs().stream().map(Input::name).toList();
    int n = names.indexOf(Input.N);
    int d = names.indexOf(Input.D);
    if (n < 0
        || d < 0
        || form.inputs().get(n).levels() <= 1
        || form.inputs().get(d).levels() <= 1) {
      return false;
    }
    double[] constant = new double[inputs.length];
    Arrays.fill(constant, 1);
    double[] line =
        Arrays.stream(inputs).flatMapToDouble(r -> DoubleStream.of(1, Math.log(r[n]))).toArray();
    double[] y = Arrays.stream(inputs).mapToDouble(row -> Math.log(row[d])).toArray();
    double all = squares(new GramSchmidt(constant, inputs.length, 1).residuals(y));
    double left = squares(new GramSchmidt(line, inputs.length, 2).residuals(y));
    return left < (1 - COLLINEAR) * all;
  }

  private static double squares(double[] residuals) {
    return Arrays.stream(residuals).map(r -> r * r).sum();
  }
}
