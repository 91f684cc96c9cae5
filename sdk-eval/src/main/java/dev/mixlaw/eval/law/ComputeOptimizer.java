package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Finds the model size and the number of tokens with the lowest loss for a compute budget C = 6·N·D
 * by a numerical search. The closed form of Hoffmann et al. 2022 (eq. 4) applies only to their law.
 */
final class ComputeOptimizer {
  private static final Set<String> KNOWN = Set.of(Input.N, Input.D, "C", "M");

  /** Step in ln C on either side of the budget from which the exponents are computed. */
  private static final double STEP = 0.25;

  /** Largest factor by which a model size or token count may be outside the measured range. */
  private static final double MOST_BEYOND = 100;

  private final LawFit fit;
  private final List<String> inputs;

  ComputeOptimizer(LawFit fit) {
    this.fit = fit;
    inputs = fit.form().inputs().stream().map(Input::name).toList();
  }

  Answer<ComputeOptimum> optimum(String name, double flops) {
    String question = Texts.format("best N and D for %.3g FLOPs according to %s", flops, name);
    if (!KNOWN.containsAll(inputs) || inputs.size() < 2) {
      return Answer.refused(
          question,
          "the inputs of the law are " + inputs + ", not N and D",
          "use a law of N and D, such as chinchilla, kaplan or overtraining");
    }
    double[] best = point(fit.values(), flops);
    double most = Math.log(flops / 6);
    if (best[0] < 1e-3 * most || best[0] > (1 - 1e-3) * most) {
      return Answer.refused(
          question,
          "the predicted loss keeps falling towards %s models"
              .formatted(best[0] < most / 2 ? "smaller" : "larger"),
          "use a law in which both N and D lower the loss");
    }
    double[][] draws = new double[fit.draws()][];
    Arrays.setAll(draws, r -> point(fit.draw(r), flops));
    List<String> warnings = new ArrayList<>();
    double[] sizes =
        fit.observations().rows().stream().mapToDouble(o -> size(o.inputs())).toArray();
    double[] tokens =
        fit.observations().rows().stream().mapToDouble(o -> tokens(o.inputs())).toArray();
    double beyond =
        Math.max(
            beyond("N", Math.exp(best[0]), sizes, warnings),
            beyond("D", Math.exp(best[1]), tokens, warnings));
    if (beyond > MOST_BEYOND) {
      return Answer.refused(
          question,
          Texts.format(
              "N = %.3g and D = %.3g lie outside the measured range by a factor of %.3g",
              Math.exp(best[0]), Math.exp(best[1]), beyond),
          "add runs within a factor of " + (int) MOST_BEYOND + " of these values");
    }
    fit.warnings().stream().filter(w -> w.contains("does not fit")).forEach(warnings::add);
    return Answer.known(
        new ComputeOptimum(
            flops,
            estimate(best, draws, p -> Math.exp(p[0])),
            estimate(best, draws, p -> Math.exp(p[1])),
            estimate(best, draws, p -> p[2]),
            estimate(best, draws, p -> p[3]),
            estimate(best, draws, p -> 1 - p[3])),
        warnings);
  }

  private static Estimate estimate(
      double[] best, double[][] draws, ToDoubleFunction<double[]> quantity) {
    return new Estimate(
        quantity.applyAsDouble(best),
        LawFit.interval95(Arrays.stream(draws).mapToDouble(quantity).toArray()));
  }

  /**
   * Returns the factor by which a value is outside the measured range. Adds a warning if the value
   * is outside.
   */
  private static double beyond(
      String name, double value, double[] measured, List<String> warnings) {
    double low = Arrays.stream(measured).min().orElse(value);
    double high = Arrays.stream(measured).max().orElse(value);
    double times = Math.max(value / high, low / value);
    if (times > 1) {
      warnings.add(
          Texts.format(
              "%s = %.3g is outside the measured range of %.3g to %.3g", name, value, low, high));
    }
    return times;
  }

  private double size(double[] at) {
    int n = fit.observations().inputs().indexOf(Input.N);
    return n >= 0 ? at[n] : Math.sqrt(input(at, "C") / (6 * input(at, "M")));
  }

  private double tokens(double[] at) {
    int d = fit.observations().inputs().indexOf(Input.D);
    return d >= 0 ? at[d] : Math.sqrt(input(at, "C") * input(at, "M") / 6);
  }

  private double input(double[] at, String name) {
    return at[fit.observations().inputs().indexOf(name)];
  }

  private double[] point(double[] parameters, double flops) {
    double logC = Math.log(flops);
    double n = bestLogSize(parameters, logC);
    double exponent =
        (bestLogSize(parameters, logC + STEP) - bestLogSize(parameters, logC - STEP)) / (2 * STEP);
    return new double[] {n, logC - Math.log(6) - n, loss(parameters, logC, n), exponent};
  }

  /** Returns ln N, found by a search that keeps two thirds of the range in each step. */
  private double bestLogSize(double[] parameters, double logC) {
    double low = 0;
    double high = logC - Math.log(6);
    while (high - low > 1e-7) {
      double third = (high - low) / 3;
      if (loss(parameters, logC, low + third) <= loss(parameters, logC, high - third)) {
        high -= third;
      } else {
        low += third;
      }
    }
    return (low + high) / 2;
  }

  private double loss(double[] parameters, double logC, double logN) {
    double logD = logC - Math.log(6) - logN;
    double[] at =
        inputs.stream()
            .mapToDouble(
                name ->
                    switch (name) {
                      case Input.N -> Math.exp(logN);
                      case Input.D -> Math.exp(logD);
                      case "C" -> Math.exp(logC);
                      default -> Math.exp(logD - logN);
                    })
            .toArray();
    return fit.form().loss(parameters, at);
  }
}
