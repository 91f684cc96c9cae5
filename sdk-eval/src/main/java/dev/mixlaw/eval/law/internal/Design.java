package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForm;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether observations can determine a law at all, before any fit. */
public final class Design {
  /** Share of the variance of ln D that ln N explains, above which the two cannot be told apart. */
  private static final double TOGETHER = 0.999;

  private Design() {}

  /**
   * What a design lacks.
   *
   * @param reason why the law cannot be determined
   * @param remedy what would make it so
   */
  public record Lack(String reason, String remedy) {}

  /** Places measured, seeds counted once. */
  public static int distinct(double[][] inputs) {
    Set<List<Double>> places = new LinkedHashSet<>();
    for (double[] row : inputs) {
      places.add(Arrays.stream(row).boxed().toList());
    }
    return places.size();
  }

  /**
   * The first thing that is missing, if any.
   *
   * @param inputs {@code [observations][inputs of the form]}
   * @param free parameters to fit
   */
  public static Optional<Lack> lack(LawForm form, double[][] inputs, int free) {
    int fixed = form.parameters().size() - free;
    for (int k = 0; k < form.inputs().size(); k++) {
      Input input = form.inputs().get(k);
      int needed = input.levels() <= 1 ? 1 : Math.max(2, input.levels() - fixed);
      int k0 = k;
      long levels = Arrays.stream(inputs).mapToDouble(row -> row[k0]).distinct().count();
      if (levels < needed) {
        return Optional.of(
            new Lack(
                levels
                    + " distinct "
                    + input.name()
                    + " ("
                    + input.unit()
                    + ") cannot carry its parameters along it; seeds of a point count once",
                "at least " + needed + " distinct " + input.name()));
      }
    }
    int points = distinct(inputs);
    if (points < free + 1) {
      return Optional.of(
          new Lack(
              points + " distinct points cannot carry " + free + " parameters",
              "at least " + (free + 1) + " distinct points"));
    }
    return together(form, inputs);
  }

  private static Optional<Lack> together(LawForm form, double[][] inputs) {
    List<String> names = form.inputs().stream().map(Input::name).toList();
    int n = names.indexOf(Input.N);
    int d = names.indexOf(Input.D);
    if (n < 0
        || d < 0
        || form.inputs().get(n).levels() <= 1
        || form.inputs().get(d).levels() <= 1) {
      return Optional.empty();
    }
    double[] x = Arrays.stream(inputs).mapToDouble(row -> Math.log(row[n])).toArray();
    double[] y = Arrays.stream(inputs).mapToDouble(row -> Math.log(row[d])).toArray();
    double r2 = squaredCorrelation(x, y);
    if (r2 <= TOGETHER) {
      return Optional.empty();
    }
    return Optional.of(
        new Lack(
            "N and D move together, so what N does and what D does cannot be separated",
            "runs that change D at the same N, or N at the same D"));
  }

  private static double squaredCorrelation(double[] x, double[] y) {
    double mx = Arrays.stream(x).average().orElseThrow();
    double my = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - mx) * (x[i] - mx);
      yy += (y[i] - my) * (y[i] - my);
      xy += (x[i] - mx) * (y[i] - my);
    }
    return xy * xy / (xx * yy);
  }
}
