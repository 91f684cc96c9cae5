package dev.mixlaw.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Chooses vectors of shares, each as far as possible from the vectors chosen before (Kennard and
 * Stone 1969).
 *
 * <p>A share is a whole number of cells, such as percents, and the shares of a vector have a fixed
 * sum. The first vectors are the same no matter how many are chosen.
 */
final class FarthestPointDesign {
  private static final int CANDIDATES = 4096;

  private final int cells;
  private final int least;
  private final int[] high;

  /**
   * Creates a design.
   *
   * @param cells sum of the shares in each vector
   * @param least smallest nonzero share, in cells
   * @param high largest share at each index, in cells; their sum is at least {@code cells}
   */
  FarthestPointDesign(int cells, int least, int[] high) {
    this.cells = cells;
    this.least = least;
    this.high = high.clone();
    for (int j = 0; j < high.length; j++) {
      this.high[j] = high[j] < least ? 0 : high[j];
    }
  }

  /**
   * Returns the most even vector, followed by vectors that each have the largest distance to all
   * vectors before them. Returns fewer than {@code number} vectors if no more distinct ones exist.
   *
   * @param before existing vectors that the chosen ones should also be far from
   * @param seed seed for drawing the candidates
   */
  List<int[]> choose(List<int[]> before, int number, long seed) {
    double[] even = new double[high.length];
    Arrays.fill(even, 1);
    List<int[]> candidates = new ArrayList<>();
    Optional<int[]> middle = within(even);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < CANDIDATES; i++) {
      double[] weights = new double[high.length];
      // Normalized sums of two exponentials have a Dirichlet distribution of concentration 2.
      for (int j = 0; j < weights.length; j++) {
        weights[j] = -Math.log((1 - random.nextDouble()) * (1 - random.nextDouble()));
      }
      within(weights).ifPresent(candidates::add);
    }
    double[] nearest = new double[candidates.size()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    before.forEach(b -> approach(nearest, candidates, b));
    List<int[]> chosen = new ArrayList<>();
    if (middle.isPresent() && before.stream().noneMatch(b -> Arrays.equals(b, middle.get()))) {
      chosen.add(middle.get());
      approach(nearest, candidates, middle.get());
    }
    while (chosen.size() < number) {
      int farthest = farthest(nearest);
      if (farthest < 0) {
        break;
      }
      chosen.add(candidates.get(farthest));
      approach(nearest, candidates, candidates.get(farthest));
    }
    return chosen;
  }

  /** Returns the index of the largest distance, or -1 if all distances are 0. */
  private static int farthest(double[] distances) {
    int farthest = -1;
    double most = 0;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] > most) {
        most = distances[i];
        farthest = i;
      }
    }
    return farthest;
  }

  /**
   * Updates the squared distance of each candidate to the nearest chosen vector after a vector was
   * chosen.
   *
   * @param nearest squared distance of each candidate
   * @param to the vector that was chosen last
   */
  private static void approach(double[] nearest, List<int[]> candidates, int[] to) {
    for (int i = 0; i < nearest.length; i++) {
      double squares = 0;
      int[] at = candidates.get(i);
      for (int j = 0; j < to.length; j++) {
        double off = at[j] - to[j];
        squares += off * off;
      }
      nearest[i] = Math.min(nearest[i], squares);
    }
  }

  /**
   * Returns shares that are approximately proportional to the weights, rounded to whole cells and
   * within the bounds; empty if no such shares are found.
   */
  private Optional<int[]> within(double[] weights) {
    double[] exact = proportional(weights);
    int[] whole = new int[exact.length];
    int rest = cells;
    for (int j = 0; j < whole.length; j++) {
      whole[j] =
          exact[j] < least / 2.0
              ? 0
              : Math.min(high[j], Math.max(least, (int) Math.floor(exact[j])));
      rest -= whole[j];
    }
    while (rest != 0) {
      int step = Integer.signum(rest);
      int best = -1;
      for (int j = 0; j < whole.length; j++) {
        boolean free = step > 0 ? whole[j] > 0 && whole[j] < high[j] : whole[j] > least;
        if (free
            && (best < 0 || step * (exact[j] - whole[j]) > step * (exact[best] - whole[best]))) {
          best = j;
        }
      }
      if (best < 0) {
        return Optional.empty();
      }
      whole[best] += step;
      rest -= step;
    }
    return Optional.of(whole);
  }

  /**
   * Returns unrounded shares in proportion to the weights. The part of a share above its bound is
   * distributed over the other shares.
   */
  private double[] proportional(double[] weights) {
    double[] parts = new double[weights.length];
    boolean[] full = new boolean[weights.length];
    for (boolean again = true; again; ) {
      again = false;
      double left = cells;
      double sum = 0;
      for (int j = 0; j < parts.length; j++) {
        left -= full[j] ? high[j] : 0;
        sum += full[j] ? 0 : weights[j];
      }
      for (int j = 0; j < parts.length; j++) {
        parts[j] = full[j] ? high[j] : left * weights[j] / sum;
        if (!full[j] && parts[j] > high[j]) {
          full[j] = true;
          again = true;
        }
      }
    }
    return parts;
  }
}
