package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.ConcordanceInterval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes how often small runs rank two mixtures in the same order as large runs.
 *
 * <p>Large runs are noisy too. If a large run shows the true order of a pair with probability π, a
 * decision that agrees with it counts as π, and a decision that disagrees counts as 1 - π. A tie
 * between the large runs therefore always counts as one half.
 */
final class DecisionAccuracies {
  private static final int FEWEST_MIXTURES = 3;

  private DecisionAccuracies() {}

  record Loss(String mixture, Params params, Tokens tokens, double loss) {}

  /** The probability that the measured order of two mixtures at a point is their true order. */
  @FunctionalInterface
  interface OrderProbability {
    double of(Params params, Tokens tokens, String mixture, String other);
  }

  private record Point(Params params, Tokens tokens) {}

  static Answer<List<DecisionAccuracy>> of(StudyGrid grid, ResampledLosses resampled) {
    List<Loss> losses = new ArrayList<>();
    for (int i = 0; i < grid.completed().size(); i++) {
      RunResult run = grid.completed().get(i);
      losses.add(
          new Loss(
              run.key().mixture(),
              new Params(run.nonEmbeddingParameters()),
              run.key().budget(),
              grid.sign() * resampled.averages().macro().get(i).value()));
    }
    return of(losses, (n, d, a, b) -> orderProbability(grid, resampled.macro(), n, d, a, b));
  }

  private static double orderProbability(
      StudyGrid grid, LossSeries macro, Params params, Tokens tokens, String a, String b) {
    return grid.models().stream()
        .filter(m -> m.params().equals(params))
        .flatMap(m -> grid.cell(a, m, tokens).stream())
        .flatMap(
            cell ->
                grid.cell(b, cell.model(), tokens).stream()
                    .map(other -> Comparisons.of(macro, cell, other)))
        .filter(c -> c.degreesOfFreedom() > 0)
        .mapToDouble(c -> 1 - c.pValue() / 2)
        .findFirst()
        .orElse(1);
  }

  /**
   * Computes the decision accuracy at every (N, D) except the target. The target has the largest N
   * and, among the points with this N, the largest D.
   *
   * @param losses losses of the runs; runs with the same mixture and point differ only in seed
   * @param order probability that the large runs show the true order of two mixtures
   */
  static Answer<List<DecisionAccuracy>> of(List<Loss> losses, OrderProbability order) {
    Comparator<Point> bySize = Comparator.comparing(Point::params).thenComparing(Point::tokens);
    TreeMap<Point, TreeMap<String, List<Double>>> points = new TreeMap<>(bySize);
    for (Loss l : losses) {
      points
          .computeIfAbsent(new Point(l.params(), l.tokens()), p -> new TreeMap<>())
          .computeIfAbsent(l.mixture(), m -> new ArrayList<>())
          .add(l.loss());
    }
    points.values().forEach(p -> p.values().forEach(seeds -> seeds.sort(null)));
    String question = "decision accuracy";
    if (points.size() < 2) {
      return Answer.refused(
          question, "all runs have the same N and D", "add runs at smaller N or D");
    }
    Point target = points.lastKey();
    List<DecisionAccuracy> all = new ArrayList<>();
    points
        .headMap(target)
        .forEach(
            (point, small) -> {
              List<String> common =
                  small.keySet().stream().filter(points.get(target)::containsKey).toList();
              if (common.size() >= FEWEST_MIXTURES) {
                all.add(decide(point, small, target, points.get(target), common, order));
              }
            });
    return all.isEmpty()
        ? Answer.refused(
            question,
            "fewer than %s mixtures were run both at the largest N and D and at a smaller N or D"
                .formatted(FEWEST_MIXTURES),
            "add runs of the same mixtures at both points")
        : Answer.known(all);
  }

  private static DecisionAccuracy decide(
      Point point,
      Map<String, List<Double>> small,
      Point target,
      Map<String, List<Double>> large,
      List<String> mixtures,
      OrderProbability order) {
    int n = mixtures.size();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        String a = mixtures.get(i);
        String b = mixtures.get(j);
        double agreement =
            agreement(small.get(a), small.get(b), mean(large.get(a)) - mean(large.get(b)));
        double certainty = order.of(target.params(), target.tokens(), a, b);
        sum += certainty * agreement + (1 - certainty) * (1 - agreement);
      }
    }
    String winner = winner(small, mixtures);
    String targetWinner = winner(large, mixtures);
    return new DecisionAccuracy(
        point.params(),
        point.tokens(),
        target.params(),
        target.tokens(),
        n,
        ConcordanceInterval.of(2 * sum / (n * (n - 1.0)), n),
        winner,
        targetWinner,
        mean(large.get(winner)) - mean(large.get(targetWinner)));
  }

  /**
   * Returns the share of seed pairs in which the loss of {@code a} minus the loss of {@code b} has
   * the sign of {@code gap}. Ties count as one half.
   */
  private static double agreement(List<Double> a, List<Double> b, double gap) {
    double agree = 0;
    for (double x : a) {
      for (double y : b) {
        double product = Math.signum(x - y) * Math.signum(gap);
        agree += (1 + product) / 2;
      }
    }
    return agree / (a.size() * b.size());
  }

  private static String winner(Map<String, List<Double>> losses, List<String> mixtures) {
    return mixtures.stream()
        .min(Comparator.comparingDouble(m -> mean(losses.get(m))))
        .orElseThrow();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
