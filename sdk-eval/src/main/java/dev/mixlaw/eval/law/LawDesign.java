package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.OptimalDesign;
import dev.mixlaw.eval.stats.OptimalDesign.Candidate;
import dev.mixlaw.eval.stats.OptimalDesign.Target;
import dev.mixlaw.eval.stats.StudentT;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Chooses the next runs from which a quantity can be estimated more precisely. The quantity depends
 * on the parameters of a law with the inputs N and D.
 */
final class LawDesign {
  private static final double STEP = 1e-5;

  private LawDesign() {}

  /**
   * Returns an optimal design of the next runs for the estimation of a quantity.
   *
   * @param quantity function of all parameters, which are in the order of the form
   * @param noise noise of a run at which a least-squares fit would be as precise as this fit
   * @param candidates inputs of the runs that can be trained; if the list is empty, the candidates
   *     are all combinations of the values of N, D and the other inputs in the fitted observations
   */
  static OptimalDesign<double[]> of(
      LawFit fit,
      ToDoubleFunction<double[]> quantity,
      NoiseEstimate noise,
      List<double[]> candidates) {
    String question = "next runs for " + fit.form().id();
    List<String> names = fit.form().inputs().stream().map(Input::name).toList();
    int n = names.indexOf(Input.N);
    int d = names.indexOf(Input.D);
    if (n < 0 || d < 0) {
      return new OptimalDesign<>(
          question,
          Answer.refused(question, "the inputs of the law are " + names, "use a law of N and D"));
    }
    double[][] rows = FitData.inputs(fit.form(), fit.observations());
    List<double[]> points = candidates.isEmpty() ? combinations(rows, n, d) : candidates;
    List<Observation> expected =
        points.stream()
            .map(at -> new Observation("candidate " + Arrays.toString(at), at, fit.loss(at)))
            .toList();
    double[][] ofPoints = fit.sensitivities(Observations.of(names, expected));
    double[][] fitted = fit.sensitivities(fit.observations());
    for (int i = 0; i < fitted.length; i++) {
      double root = Math.sqrt(fit.observations().get(i).weight());
      fitted[i] = Arrays.stream(fitted[i]).map(x -> root * x).toArray();
    }
    double t = StudentT.quantile(0.975, noise.degreesOfFreedom());
    Target target = new Target(fit.gradient(quantity, STEP), 0, 2 * t * noise.standardDeviation());
    return new OptimalDesign<>(
        question,
        Answer.known(
            new OptimalDesign.Model<>(
                List.of(fitted),
                List.of(target),
                IntStream.range(0, points.size())
                    .mapToObj(i -> candidate(points.get(i), ofPoints[i], rows, n, d))
                    .toList(),
                chosen -> chosen.stream().map(i -> points.get(i).clone()).toList())));
  }

  private static Candidate candidate(double[] at, double[] row, double[][] fitted, int n, int d) {
    return new Candidate(
        new double[][] {row},
        6 * at[n] * at[d],
        List.of(at),
        (int) Arrays.stream(fitted).filter(f -> Arrays.equals(f, at)).count());
  }

  private static List<double[]> combinations(double[][] rows, int n, int d) {
    Set<double[]> others = new TreeSet<>(Arrays::compare);
    for (double[] row : rows) {
      others.add(with(row, n, 0, d, 0));
    }
    double[] sizes = Arrays.stream(rows).mapToDouble(r -> r[n]).distinct().sorted().toArray();
    double[] budgets = Arrays.stream(rows).mapToDouble(r -> r[d]).distinct().sorted().toArray();
    return others.stream()
        .flatMap(o -> Arrays.stream(sizes).mapToObj(size -> with(o, n, size, d, 0)))
        .flatMap(o -> Arrays.stream(budgets).mapToObj(budget -> with(o, n, o[n], d, budget)))
        .toList();
  }

  private static double[] with(double[] row, int n, double size, int d, double budget) {
    double[] copy = row.clone();
    copy[n] = size;
    copy[d] = budget;
    return copy;
  }
}
