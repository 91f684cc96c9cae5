package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.OptimalDesign;
import dev.mixlaw.eval.stats.StudentT;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Designs of the next runs for a quantity that depends on the parameters of a law of N and D. */
final class LawDesign {
  private static final double STEP = 1e-5;

  private final LawFit fit;
  private final List<String> names;
  private final double[][] rows;

  LawDesign(LawFit fit) {
    this.fit = fit;
    names = fit.form().inputs().stream().map(Input::name).toList();
    rows = FitData.inputs(fit.form(), fit.observations());
  }

  /**
   * Returns a design.
   *
   * @param noise noise of a run as far as it affects the fit
   * @param candidates inputs of the runs that can be trained; all {@link #combinations} if empty
   */
  OptimalDesign<double[]> of(
      ToDoubleFunction<double[]> quantity, NoiseEstimate noise, List<double[]> candidates) {
    String question = "next runs for " + fit.form().id();
    int n = names.indexOf(Input.N);
    int d = names.indexOf(Input.D);
    if (n < 0 || d < 0) {
      return new OptimalDesign<>(
          question,
          Answer.refused(question, "the inputs of the law are " + names, "use a law of N and D"));
    }
    List<double[]> points = candidates.isEmpty() ? combinations(n, d) : candidates;
    Observations.Builder builder = Observations.of(names.toArray(String[]::new));
    points.forEach(at -> builder.add(fit.loss(at), at));
    double[][] ofPoints = fit.sensitivities(builder.build());
    double[][] fitted = fit.sensitivities(fit.observations());
    for (int i = 0; i < fitted.length; i++) {
      double root = Math.sqrt(fit.observations().get(i).weight());
      fitted[i] = Arrays.stream(fitted[i]).map(x -> root * x).toArray();
    }
    double t = StudentT.quantile(0.975, noise.degreesOfFreedom());
    return new OptimalDesign<>(
        question,
        Answer.known(
            new OptimalDesign.Model<>(
                List.of(fitted),
                List.of(
                    new OptimalDesign.Target(
                        fit.gradient(quantity, STEP), 0, 2 * t * noise.standardDeviation())),
                IntStream.range(0, points.size())
                    .mapToObj(
                        i ->
                            new OptimalDesign.Candidate(
                                i,
                                new double[][] {ofPoints[i]},
                                6 * points.get(i)[n] * points.get(i)[d]))
                    .toList(),
                points.stream().mapToInt(this::fitted).toArray(),
                chosen -> chosen.stream().map(i -> points.get(i).clone()).toList())));
  }

  private int fitted(double[] at) {
    return (int) Arrays.stream(rows).filter(row -> Arrays.equals(row, at)).count();
  }

  /** Returns all combinations of the fitted values of N, of D and of the other inputs. */
  private List<double[]> combinations(int n, int d) {
    double[] sizes = Arrays.stream(rows).mapToDouble(r -> r[n]).distinct().sorted().toArray();
    double[] budgets = Arrays.stream(rows).mapToDouble(r -> r[d]).distinct().sorted().toArray();
    return Arrays.stream(rows)
        .map(r -> with(r, n, 0, d, 0))
        .map(r -> Arrays.stream(r).boxed().toList())
        .distinct()
        .map(r -> r.stream().mapToDouble(Double::doubleValue).toArray())
        .flatMap(
            rest ->
                Arrays.stream(sizes)
                    .boxed()
                    .flatMap(
                        size ->
                            Arrays.stream(budgets)
                                .mapToObj(budget -> with(rest, n, size, d, budget))))
        .toList();
  }

  private static double[] with(double[] row, int n, double size, int d, double budget) {
    double[] copy = row.clone();
    copy[n] = size;
    copy[d] = budget;
    return copy;
  }
}
