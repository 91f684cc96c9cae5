package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Searches the minima of an objective function from many starting points. */
final class GlobalSearch {
  /** Relative tolerance of the objective. */
  static final double TOLERANCE = 1e-14;

  /** Largest ratio of a minimum's objective to the lowest, for a minimum that is reported. */
  static final double NEARLY = 1.01;

  private static final int MANY = 10_000;
  private static final int SAMPLE = 5_000;
  private static final int KEPT = 5;
  private static final int MOST_MORE = 50;

  private GlobalSearch() {}

  /**
   * Returns the distinct minima, the lowest first. With very many rows, the starting points are
   * compared on a random sample of rows, and the best are then followed on all rows.
   */
  public static List<TrustRegionSolver.Minimum> minima(
      ParameterSpace space, FitData rows, Objective objective, long seed) {
    if (rows.count <= MANY) {
      return descend(space, rows, objective, new StartPoints(space, rows, objective).best(seed));
    }
    int[] times = new int[rows.count];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < SAMPLE; i++) {
      times[random.nextInt(rows.count)] = 1;
    }
    List<double[]> places =
        minima(space, rows.drawn(times), objective, seed).stream()
            .map(TrustRegionSolver.Minimum::u)
            .toList();
    return descend(space, rows, objective, places.subList(0, Math.min(KEPT, places.size())));
  }

  private static List<TrustRegionSolver.Minimum> descend(
      ParameterSpace space, FitData rows, Objective objective, List<double[]> starts) {
    TrustRegionSolver solver = new TrustRegionSolver(space, objective);
    List<TrustRegionSolver.Minimum> found = new ArrayList<>();
    for (double[] start : starts) {
      found.add(solver.minimize(rows, start, TOLERANCE));
    }
    found.sort(Comparator.comparingDouble(TrustRegionSolver.Minimum::value));
    // A long valley takes many steps: only the lowest minimum is continued.
    for (int more = 0; more < MOST_MORE && !found.get(0).converged(); more++) {
      found.set(0, solver.minimize(rows, found.get(0).u(), TOLERANCE));
    }
    List<TrustRegionSolver.Minimum> distinct = new ArrayList<>();
    for (TrustRegionSolver.Minimum m : found) {
      if (distinct.stream().noneMatch(d -> same(d, m))) {
        distinct.add(m);
      }
    }
    return distinct;
  }

  private static boolean same(TrustRegionSolver.Minimum a, TrustRegionSolver.Minimum b) {
    double most = 0;
    for (int k = 0; k < a.u().length; k++) {
      double size = 1e-2 * (1 + Math.abs(a.u()[k]));
      most = Math.max(most, Math.abs(a.u()[k] - b.u()[k]) / size);
    }
    return most < 1 || Math.abs(b.value() - a.value()) <= 1e-9 * a.value();
  }
}
