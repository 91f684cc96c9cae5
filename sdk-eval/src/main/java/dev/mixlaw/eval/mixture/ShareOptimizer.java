package dev.mixlaw.eval.mixture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Finds the shares with the lowest loss. The search starts from the best of a pool of many
 * mixtures, and shifts weight between pairs of sources in decreasing steps.
 *
 * <p>This generating set search (Kolda, Lewis and Torczon 2003, "Optimization by Direct Search")
 * ends at a minimum if the loss is smooth, because shifts between pairs span all directions. It
 * needs no gradient and therefore works for regression trees.
 */
final class ShareOptimizer {
  private static final double FINE = 1e-6;
  private static final double COARSE = 2e-3;

  private final ShareBounds box;

  private final List<double[]> pool;

  /**
   * Creates a search.
   *
   * @param anchors mixtures that the pool must include
   * @param random number of random mixtures in the pool, which range from almost a single source to
   *     almost equal shares
   */
  ShareOptimizer(ShareBounds box, List<double[]> anchors, int random, long seed) {
    this.box = box;
    int sources = box.low().length;
    pool = new ArrayList<>();
    anchors.forEach(a -> pool.add(box.nearest(a)));
    for (int j = 0; j < sources; j++) {
      double[] pure = new double[sources];
      pure[j] = 1;
      pool.add(box.nearest(pure));
    }
    SplittableRandom numbers = new SplittableRandom(seed);
    for (int i = 0; i < random; i++) {
      double concentration = Math.exp(3 * numbers.nextDouble() - 1);
      double[] weights = new double[sources];
      double sum = 0;
      for (int j = 0; j < sources; j++) {
        weights[j] = Math.pow(-Math.log(1 - numbers.nextDouble()), concentration);
        sum += weights[j];
      }
      for (int j = 0; j < sources; j++) {
        weights[j] /= sum;
      }
      pool.add(box.nearest(weights));
    }
  }

  /** Returns the shares with the lowest loss, starting from the best mixtures in the pool. */
  double[] lowest(ToDoubleFunction<double[]> loss, int starts) {
    return best(loss, pool, starts).stream()
        .map(start -> descend(loss, start, 0.25, FINE))
        .min(Comparator.comparingDouble(loss))
        .orElseThrow();
  }

  /** Returns the shares with the lowest loss, starting from the best of the given mixtures. */
  double[] lowestNear(ToDoubleFunction<double[]> loss, List<double[]> places) {
    return descend(loss, best(loss, places, 1).get(0), 0.1, COARSE);
  }

  List<double[]> best(ToDoubleFunction<double[]> loss, int number) {
    return best(loss, pool, number);
  }

  private static List<double[]> best(
      ToDoubleFunction<double[]> loss, List<double[]> places, int number) {
    double[] losses = places.stream().mapToDouble(loss).toArray();
    return IntStream.range(0, losses.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> losses[i]))
        .limit(number)
        .map(places::get)
        .toList();
  }

  private double[] descend(
      ToDoubleFunction<double[]> loss, double[] start, double first, double last) {
    double[] at = start.clone();
    double least = loss.applyAsDouble(at);
    double step = first;
    while (step >= last) {
      double before = least;
      for (int from = 0; from < at.length; from++) {
        for (int to = 0; to < at.length; to++) {
          double moved =
              from == to
                  ? 0
                  : Math.min(step, Math.min(at[from] - box.low()[from], box.high()[to] - at[to]));
          if (moved <= 1e-12) {
            continue;
          }
          double wasFrom = at[from];
          double wasTo = at[to];
          at[from] = moved < step ? Math.max(box.low()[from], wasFrom - moved) : wasFrom - moved;
          at[to] = wasTo + moved;
          double loss2 = loss.applyAsDouble(at);
          if (loss2 < least) {
            least = loss2;
          } else {
            at[from] = wasFrom;
            at[to] = wasTo;
          }
        }
      }
      if (!(least < before - 1e-13 * Math.abs(before))) {
        step /= 2;
      }
    }
    return at;
  }
}
