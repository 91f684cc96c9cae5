package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.eval.law.TrustRegionSolver.Minimum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Searches for the minima of an objective function from many starting points.
 *
 * <p>For a form with one or two nonlinear parameters, the solver runs from each of the best
 * starting points. With more parameters, the Huber loss has many local minima, and least squares on
 * the same residuals has fewer. Least squares is therefore solved first from each starting point.
 * From the best solutions, the threshold of the Huber loss is lowered step by step (graduated
 * non-convexity: Blake and Zisserman 1987, "Visual Reconstruction"). Finally, each of the two
 * lowest minima is exchanged for a lower one in its neighbourhood ({@link Neighbourhood}), until
 * the neighbourhood has none (iterated local search: Lourenço, Martin and Stützle 2003). The result
 * therefore rarely depends on the starting points.
 */
final class GlobalSearch {
  static final double TOLERANCE = 1e-14;

  /** Largest ratio between the objective at a reported minimum and at the lowest minimum. */
  static final double NEARLY = 1.01;

  private static final int MANY = 10_000;
  private static final int SAMPLE = 5_000;
  private static final int KEPT = 6;

  /**
   * Number of least-squares solutions with each combination of parameter signs that are always
   * refined with the Huber loss.
   */
  private static final int KEPT_OF_SIGNS = 3;

  /** Largest number of evaluations for a least-squares solution, which is only a starting point. */
  private static final int LEAST_SQUARES_EVALUATIONS = 100;

  private static final int MOST_MORE = 50;

  /**
   * If another minimization of up to hundreds of steps decreases the objective by at most this
   * relative amount, the descent along a narrow valley ends.
   */
  private static final double NO_GAIN = 1e-8;

  /** Smallest relative decrease of the objective that counts as an improvement of a minimum. */
  private static final double GAIN = 1e-5;

  /** Number of the lowest minima whose neighbourhoods are searched for lower minima. */
  private static final int EXCHANGED = 2;

  /** Largest number of evaluations for the descent from a neighbour of a minimum. */
  private static final int NEIGHBOUR_EVALUATIONS = 60;

  private final ParameterSpace space;
  private final FitData rows;
  private final Criterion criterion;
  private final Executor executor;
  private final DoubleConsumer progress;

  private int steps = 1;
  private int done;

  private GlobalSearch(
      ParameterSpace space,
      FitData rows,
      Criterion criterion,
      Executor executor,
      DoubleConsumer progress) {
    this.space = space;
    this.rows = rows;
    this.criterion = criterion;
    this.executor = executor;
    this.progress = progress;
  }

  /**
   * Returns the distinct minima in ascending order of the objective. If there are very many rows,
   * minima are first found on a sample of the rows, and the best ones are refined on all rows.
   */
  public static List<Minimum> minima(
      ParameterSpace space,
      FitData rows,
      Criterion criterion,
      long seed,
      Executor executor,
      DoubleConsumer progress) {
    GlobalSearch search = new GlobalSearch(space, rows, criterion, executor, progress);
    if (rows.count <= MANY) {
      return search.minima(seed);
    }
    GlobalSearch ofSample =
        new GlobalSearch(space, rows.every(rows.count / SAMPLE), criterion, executor, progress);
    return search.descend(parameters(first(ofSample.minima(seed))));
  }

  private List<Minimum> minima(long seed) {
    StartPoints points = new StartPoints(space, rows, criterion);
    List<double[]> starts = points.best(seed);
    if (points.isSmall()) {
      return descend(starts);
    }
    Neighbourhood neighbourhood = new Neighbourhood(space, points, rows.features[0]);
    steps = starts.size() + 2 * KEPT + 2 * EXCHANGED * neighbourhood.size();
    List<Minimum> least = chosen(distinct(each(starts, this::leastSquares), 1e-4));
    List<Minimum> found = distinct(each(parameters(least), this::lowered), 1e-6);
    List<Minimum> exchanged = new ArrayList<>(found);
    found.stream()
        .limit(EXCHANGED)
        .forEach(start -> exchanged.addAll(exchanged(start, neighbourhood)));
    // The larger tolerance merges minima with nearly equal objectives, so that the minima that are
    // refined differ more.
    return descend(parameters(first(distinct(exchanged, 1e-4))));
  }

  /**
   * Returns the lowest least-squares solutions, and the lowest ones with each combination of signs
   * of the parameters that can be negative.
   */
  private List<Minimum> chosen(List<Minimum> sorted) {
    Map<List<Boolean>, Integer> numbers = new HashMap<>();
    return IntStream.range(0, sorted.size())
        .filter(
            i -> numbers.merge(signs(sorted.get(i)), 1, Integer::sum) <= KEPT_OF_SIGNS || i < KEPT)
        .mapToObj(sorted::get)
        .toList();
  }

  private List<Boolean> signs(Minimum m) {
    return IntStream.range(0, space.dimension)
        .filter(k -> space.parameter(k).lower() < 0)
        .mapToObj(k -> m.parameters()[space.parameter[k]] > 0)
        .toList();
  }

  private static List<Minimum> first(List<Minimum> sorted) {
    return sorted.subList(0, Math.min(KEPT, sorted.size()));
  }

  private static List<double[]> parameters(List<Minimum> minima) {
    return minima.stream().map(Minimum::parameters).toList();
  }

  private List<Minimum> each(List<double[]> starts, Function<double[], Minimum> search) {
    return Threads.all(
        starts.stream()
            .<Supplier<Minimum>>map(
                start ->
                    () -> {
                      Minimum m = search.apply(start);
                      count();
                      return m;
                    })
            .toList(),
        executor);
  }

  private synchronized void count() {
    progress.accept(Math.min(1, ++done / (double) steps));
  }

  private Minimum leastSquares(double[] start) {
    return new TrustRegionSolver(space, criterion)
        .rough(rows, start, Double.POSITIVE_INFINITY, LEAST_SQUARES_EVALUATIONS);
  }

  private Minimum lowered(double[] start) {
    return new TrustRegionSolver(space, criterion).lowered(rows, start);
  }

  /**
   * Replaces a minimum by a lower one in its neighbourhood, until there is none. Returns all
   * distinct minima found, in ascending order of the objective.
   */
  private List<Minimum> exchanged(Minimum start, Neighbourhood neighbourhood) {
    List<Minimum> found = List.of(start);
    int failures = 0;
    for (int k = 0; failures < neighbourhood.size(); k = (k + 1) % neighbourhood.size()) {
      Minimum best = found.get(0);
      List<Minimum> all = new ArrayList<>(found);
      all.addAll(each(neighbourhood.of(best.parameters(), k), this::explored));
      found = distinct(all, 1e-6);
      failures = found.get(0).value() < (1 - GAIN) * best.value() ? 0 : failures + 1;
    }
    return found;
  }

  private Minimum explored(double[] start) {
    return new TrustRegionSolver(space, criterion)
        .rough(rows, start, criterion.delta(), NEIGHBOUR_EVALUATIONS);
  }

  private List<Minimum> descend(List<double[]> starts) {
    TrustRegionSolver solver = new TrustRegionSolver(space, criterion);
    List<Minimum> found = new ArrayList<>();
    for (double[] start : starts) {
      found.add(solver.minimize(rows, start, TOLERANCE));
    }
    found.sort(Comparator.comparingDouble(Minimum::value));
    // Convergence along a narrow valley takes many steps, so only the lowest minimum is refined
    // further.
    for (int more = 0; more < MOST_MORE && !found.get(0).converged(); more++) {
      Minimum before = found.get(0);
      Minimum m = solver.minimize(rows, before.parameters(), TOLERANCE);
      boolean end = before.value() - m.value() <= NO_GAIN * m.value();
      found.set(0, new Minimum(m.parameters(), m.value(), m.converged() || end, m.evaluations()));
    }
    return distinct(found, 1e-9);
  }

  private List<Minimum> distinct(List<Minimum> minima, double tolerance) {
    List<Minimum> sorted = new ArrayList<>(minima);
    sorted.sort(Comparator.comparingDouble(Minimum::value));
    List<Minimum> distinct = new ArrayList<>();
    for (Minimum m : sorted) {
      if (distinct.stream().noneMatch(d -> same(d, m, tolerance))) {
        distinct.add(m);
      }
    }
    return distinct;
  }

  private boolean same(Minimum a, Minimum b, double tolerance) {
    double[] x = space.coordinates(a.parameters());
    double[] y = space.coordinates(b.parameters());
    double most = 0;
    for (int k = 0; k < x.length; k++) {
      most = Math.max(most, Math.abs(x[k] - y[k]) / (1e-2 * (1 + Math.abs(x[k]))));
    }
    return most < 1 || Math.abs(b.value() - a.value()) <= tolerance * a.value();
  }
}
