package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.stats.ChiSquare;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Standard deviation of the loss over seeds, as a function of model size and budget:
 *
 * <pre>s(N, D) = s · (N / N_0)^c · (D / D_0)^b</pre>
 *
 * <p>in the unit of the loss, pooled over all mixtures, models and budgets with several seeds and
 * applied to all points. N_0 and D_0 are the geometric means over the points with several seeds. A
 * few seeds do not determine the exponents. Therefore b and c have normal priors with mean 0 and
 * standard deviations {@value #PRIOR_D} and {@value #PRIOR_N}, and each resample draws b, c and s
 * from their posterior distribution. Intervals are therefore wide where seeds do not show how the
 * noise changes. In simulations, intervals of differences have a coverage of 93 to 100 % at every
 * budget. With one standard deviation for all budgets, coverage was 68 % at the smallest budget,
 * and intervals were ten times as wide at the largest: see {@code BENCHMARKS.md}.
 *
 * <p>Budgets of one mixture, model and seed are branches of the same training run, the trunk, so
 * their errors are correlated and count once: a trunk with k seeds has k - 1 degrees of freedom ν,
 * divided evenly among its points. If v is the variance over the seeds of a point and w the factor
 * of s at this point, the posterior distribution is
 *
 * <pre>
 * p(b, c) ∝ prior · Π_points w^-ν_point · S^(-ν/2),   S = Σ_points ν_point · v / w²,   s² = S / χ²_ν
 * </pre>
 *
 * <p>If b = c = 0 were known, the intervals would be Student's t intervals.
 */
final class SeedNoise {
  /** Prior standard deviation of b: the noise may rise as fast as D, or fall as fast as 1/D. */
  static final double PRIOR_D = 1;

  static final double PRIOR_N = 0.5;

  private static final double STEP = 0.125;
  private static final int STEPS_D = 28;
  private static final int STEPS_N = 14;

  private final int degreesOfFreedom;
  private final double params;
  private final double tokens;
  private final List<Exponents> likely;

  /**
   * A pair of exponents on the posterior grid, with the weighted sums of squares that it implies.
   *
   * @param weight posterior probability
   * @param points the sum S over the points of the grid
   * @param curves the same sum for the mean deviations of each seed over its budgets
   */
  private record Exponents(double b, double c, double weight, double points, double curves) {}

  /** A point of the grid with several seeds. */
  private record Point(StudyGrid.Cell cell, double[] deviations, double freedom) {
    double variance() {
      return Arrays.stream(deviations).map(d -> d * d).sum() / (deviations.length - 1);
    }
  }

  private SeedNoise(int degreesOfFreedom, double params, double tokens, List<Exponents> likely) {
    this.degreesOfFreedom = degreesOfFreedom;
    this.params = params;
    this.tokens = tokens;
    this.likely = List.copyOf(likely);
  }

  /**
   * Estimates the seed noise.
   *
   * @param losses loss of each completed run of the grid
   */
  static SeedNoise of(StudyGrid grid, double[] losses) {
    List<List<Point>> trunks = trunks(grid, losses);
    List<Point> points = trunks.stream().flatMap(List::stream).toList();
    if (points.isEmpty()) {
      return new SeedNoise(0, 1, 1, List.of());
    }
    double params = mean(points, p -> Math.log(p.cell().model().params().count()));
    double tokens = mean(points, p -> Math.log(p.cell().tokens()));
    int freedom = trunks.stream().mapToInt(SeedNoise::freedom).sum();
    List<Exponents> all = new ArrayList<>();
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = -STEPS_D; i <= STEPS_D; i++) {
      for (int j = -STEPS_N; j <= STEPS_N; j++) {
        SeedNoise one =
            new SeedNoise(
                freedom,
                Math.exp(params),
                Math.exp(tokens),
                List.of(new Exponents(STEP * i, STEP * j, 1, 0, 0)));
        Exponents e = one.weighed(trunks, points);
        all.add(e);
        highest = Math.max(highest, e.weight());
      }
    }
    double top = highest;
    double sum = all.stream().mapToDouble(e -> Math.exp(e.weight() - top)).sum();
    return new SeedNoise(
        freedom,
        Math.exp(params),
        Math.exp(tokens),
        all.stream()
            .map(
                e ->
                    new Exponents(
                        e.b(), e.c(), Math.exp(e.weight() - top) / sum, e.points(), e.curves()))
            .toList());
  }

  private static List<List<Point>> trunks(StudyGrid grid, double[] losses) {
    List<List<Point>> trunks = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      for (StudyGrid.Model model : grid.models()) {
        List<StudyGrid.Cell> cells =
            grid.overBudgets(mixture, model).stream().filter(c -> c.runs().size() > 1).toList();
        int free = cells.stream().mapToInt(c -> c.runs().size() - 1).sum();
        int most = cells.stream().mapToInt(c -> c.runs().size() - 1).max().orElse(0);
        if (most > 0) {
          trunks.add(
              cells.stream()
                  .map(
                      c ->
                          new Point(
                              c,
                              deviations(c, losses),
                              most * (c.runs().size() - 1) / (double) free))
                  .toList());
        }
      }
    }
    return trunks;
  }

  private static double[] deviations(StudyGrid.Cell cell, double[] losses) {
    double[] own =
        Arrays.copyOfRange(losses, cell.firstRun(), cell.firstRun() + cell.runs().size());
    double mean = Arrays.stream(own).average().orElseThrow();
    Arrays.setAll(own, k -> own[k] - mean);
    return own;
  }

  private static int freedom(List<Point> trunk) {
    return trunk.stream().mapToInt(p -> p.deviations().length - 1).max().orElse(0);
  }

  private static double mean(List<Point> points, ToDoubleFunction<Point> of) {
    return points.stream().mapToDouble(of).average().orElseThrow();
  }

  /** Returns the only pair of exponents with its log weight and sums. */
  private Exponents weighed(List<List<Point>> trunks, List<Point> points) {
    Exponents e = likely.get(0);
    double log = -0.5 * (e.b() * e.b() / (PRIOR_D * PRIOR_D) + e.c() * e.c() / (PRIOR_N * PRIOR_N));
    double sum = 0;
    for (Point p : points) {
      double w = factor(e, p.cell());
      sum += p.freedom() * p.variance() / (w * w);
      log -= p.freedom() * Math.log(w);
    }
    double curves = 0;
    for (List<Point> trunk : trunks) {
      Map<Integer, double[]> bySeed = new TreeMap<>(); // sum and count
      for (Point p : trunk) {
        for (int k = 0; k < p.deviations().length; k++) {
          double[] own =
              bySeed.computeIfAbsent(p.cell().runs().get(k).key().seed(), s -> new double[2]);
          own[0] += p.deviations()[k] / factor(e, p.cell());
          own[1]++;
        }
      }
      for (double[] own : bySeed.values()) {
        curves += own[0] / own[1] * (own[0] / own[1]);
      }
    }
    // Seeds with identical losses carry no information about the exponents.
    return new Exponents(
        e.b(), e.c(), sum > 0 ? log - 0.5 * degreesOfFreedom * Math.log(sum) : 0, sum, curves);
  }

  private double factor(Exponents e, StudyGrid.Cell cell) {
    return Math.exp(
        e.c() * Math.log(cell.model().params().count() / params)
            + e.b() * Math.log(cell.tokens() / tokens));
  }

  boolean known() {
    return degreesOfFreedom > 0;
  }

  /** Returns the degrees of freedom; 0 if no point has two seeds. */
  int degreesOfFreedom() {
    return degreesOfFreedom;
  }

  /**
   * Returns the standard deviation of the loss of one run at a point. Its degrees of freedom also
   * account for the uncertainty of the exponents, so they fall with the distance from the points
   * that have several seeds.
   */
  NoiseEstimate at(StudyGrid.Cell cell) {
    if (likely.stream().noneMatch(e -> e.points() > 0)) {
      return NoiseEstimate.NONE;
    }
    double[] weights = likely.stream().mapToDouble(Exponents::weight).toArray();
    double[] spreads =
        likely.stream()
            .mapToDouble(e -> factor(e, cell) * Math.sqrt(e.points() / degreesOfFreedom))
            .toArray();
    return NoiseEstimate.ofMixture(weights, spreads, degreesOfFreedom);
  }

  /** Draws one noise function from the posterior distribution for each resample. */
  Drawn draw(int resamples, long seed) {
    Exponents[] exponents = new Exponents[resamples];
    double[] scales = new double[resamples];
    if (known()) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int r = 0; r < resamples; r++) {
        exponents[r] = pick(random.nextDouble());
        scales[r] = 1 / Math.sqrt(ChiSquare.draw(random, degreesOfFreedom));
      }
    }
    return new Drawn(exponents, scales);
  }

  private Exponents pick(double place) {
    double sum = 0;
    for (Exponents e : likely) {
      sum += e.weight();
      if (place < sum) {
        return e;
      }
    }
    return likely.get(likely.size() / 2);
  }

  /** The standard deviation at any point, for each resample. */
  final class Drawn {
    private final Exponents[] exponents;
    private final double[] scales;

    private Drawn(Exponents[] exponents, double[] scales) {
      this.exponents = exponents;
      this.scales = scales;
    }

    /** Returns the standard deviation of the loss at a point. */
    double ofPoint(int resample, StudyGrid.Cell cell) {
      return known() ? of(resample, cell, exponents[resample].points()) : 0;
    }

    /**
     * Returns the standard deviation at a point of the shift that is common to all budgets of a
     * trunk.
     */
    double ofCurve(int resample, StudyGrid.Cell cell) {
      return known() ? of(resample, cell, exponents[resample].curves()) : 0;
    }

    private double of(int resample, StudyGrid.Cell cell, double squares) {
      return factor(exponents[resample], cell) * Math.sqrt(squares) * scales[resample];
    }
  }
}
