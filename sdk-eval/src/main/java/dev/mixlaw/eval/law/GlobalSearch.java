package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.TrustRegionSolver.Minimum;
import dev.mixlaw.eval.stats.Parallel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Searches for the minima of an objective function from many starting points.
 *
 * <p>For a form with one or two nonlinear parameters, the solver runs from each of the best
 * starting points. With more parameters, the Huber loss has many local minima, and least squares on
 * the same residuals has fewer. Least squares is therefore solved first from each starting point.
 * From the best solutions, the threshold of the Huber loss is lowered step by step (graduated
 * non-convexity: Blake and Zisserman 1987, "Visual Reconstruction"). Finally, fits to resampled
 * rows start at the lowest minimum and continue on all rows until they no longer find a lower
 * minimum (Wood 2001, "Minimizing model fitting objectives that contain spurious local minima by
 * bootstrap restarting").
 *
 * <p>If a parameter that can have either sign is 0, the parameters that it multiplies have no
 * effect, so a descent rarely changes its sign. Solutions are therefore selected and restarted
 * separately for each combination of signs.
 */
final class GlobalSearch {
  static final double TOLERANCE = 1e-14;

  /** Largest ratio between the objective at a reported minimum and at the lowest minimum. */
  static final double NEARLY = 1.01;

  private static final int MANY = 10_000;
  private static final int SAMPLE = 5_000;
  private static final int KEPT = 6;

  /** Number of least-squares solutions of each combination of signs that are always continued. */
  private static final int KEPT_OF_SIGNS = 3;

  /** Largest number of evaluations for a least-squares solution, which is only a starting point. */
  private static final int LEAST_SQUARES_EVALUATIONS = 100;

  private static final int MOST_MORE = 50;

  /**
   * Relative decrease of the objective over hundreds of steps below which a valley is abandoned.
   */
  private static final double NO_GAIN = 1e-8;

  /** Number of successive restarts without a lower minimum after which the search ends. */
  private static final int RESTARTS = 4;

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
    List<double[]> places =
        new GlobalSearch(space, rows.every(rows.count / SAMPLE), criterion, executor, progress)
            .minima(seed).stream().map(Minimum::parameters).toList();
    return search.descend(places.subList(0, Math.min(KEPT, places.size())));
  }

  private List<Minimum> minima(long seed) {
    StartPoints points = new StartPoints(space, rows, criterion);
    List<double[]> starts = points.best(seed);
    if (points.isSmall()) {
      return descend(starts);
    }
    steps = starts.size() + KEPT;
    List<double[]> least = parameters(chosen(distinct(each(starts, this::leastSquares), 1e-4)));
    steps = starts.size() + 2 * least.size();
    Map<List<Boolean>, List<Minimum>> bySigns =
        each(least, start -> lowered(start, rows)).stream()
            .sorted(Comparator.comparingDouble(Minimum::value))
            .collect(Collectors.groupingBy(this::signs, LinkedHashMap::new, Collectors.toList()));
    double limit = NEARLY * bySigns.values().iterator().next().get(0).value();
    SplittableRandom random = new SplittableRandom(seed);
    List<Supplier<List<Minimum>>> restarts =
        bySigns.values().stream()
            .<Supplier<List<Minimum>>>map(
                found -> {
                  SplittableRandom own = random.split();
                  return () -> found.get(0).value() > limit ? found : restarted(found, own);
                })
            .toList();
    List<Minimum> found = Parallel.all(restarts, executor).stream().flatMap(List::stream).toList();
    return descend(parameters(distinct(found, 1e-6)));
  }

  private static List<double[]> parameters(List<Minimum> minima) {
    return minima.stream().map(Minimum::parameters).toList();
  }

  private List<Minimum> chosen(List<Minimum> sorted) {
    List<Minimum> chosen = new ArrayList<>();
    Map<List<Boolean>, Integer> numbers = new HashMap<>();
    for (Minimum m : sorted) {
      int number = numbers.merge(signs(m), 1, Integer::sum);
      if (chosen.size() < KEPT || number <= KEPT_OF_SIGNS) {
        chosen.add(m);
      }
    }
    return chosen;
  }

  private List<Boolean> signs(Minimum m) {
    return IntStream.range(0, space.dimension)
        .filter(k -> space.parameter(k).lower() < 0)
        .mapToObj(k -> m.parameters()[space.parameter[k]] > 0)
        .toList();
  }

  private List<Minimum> each(List<double[]> starts, Function<double[], Minimum> search) {
    return Parallel.all(
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

  private Minimum lowered(double[] start, FitData on) {
    return new TrustRegionSolver(space, criterion).lowered(on, start);
  }

  /** Inserts lower minima at the start, until several successive restarts find none. */
  private List<Minimum> restarted(List<Minimum> sorted, SplittableRandom random) {
    List<Minimum> found = new ArrayList<>(sorted);
    for (int failures = 0; failures < RESTARTS; failures++) {
      FitData drawn = rows.drawn(rows.draw(random));
      count();
      Minimum m = lowered(lowered(found.get(0).parameters(), drawn).parameters(), rows);
      if (m.value() < found.get(0).value() * (1 - 1e-6)) {
        found.add(0, m);
        failures = -1;
      }
    }
    return found;
  }

  private List<Minimum> descend(List<double[]> starts) {
    TrustRegionSolver solver = new TrustRegionSolver(space, criterion);
    List<Minimum> found = new ArrayList<>();
    for (double[] start : starts) {
      found.add(solver.minimize(rows, start, TOLERANCE));
    }
    found.sort(Comparator.comparingDouble(Minimum::value));
    // A long valley takes many steps, so only the lowest minimum is continued.
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
