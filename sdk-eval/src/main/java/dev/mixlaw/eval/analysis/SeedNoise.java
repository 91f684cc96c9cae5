package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.stats.ChiSquare;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Noise of the loss over seeds, as a function of model size and budget. Its standard deviation, in
 * the unit of the loss, is
 *
 * <pre>s(N, D) = s · (N / N_0)^c · (D / D_0)^b</pre>
 *
 * <p>Budgets of one mixture, model and seed are branches of the same training run, so their errors
 * are correlated. The correlation is m between a budget and twice that budget, and m^log2(D_2 /
 * D_1) in general (a first-order autoregressive process over ln D). The noise is pooled over all
 * mixtures, models and budgets with several seeds and applied to all points. N_0 and D_0 are the
 * geometric means over the points with several seeds.
 *
 * <p>A few seeds do not determine b, c and m. Therefore b and c have normal priors with mean 0 and
 * standard deviations {@value #PRIOR_D} and {@value #PRIOR_N}, and 1 - m is a power of 1/2 from 1
 * to 2^-21, with equal prior probabilities. Each resample draws b, c, m and s from their posterior
 * distribution. Intervals are therefore wide where seeds do not show how the noise changes. {@code
 * BENCHMARKS.md} lists the coverage of the intervals.
 *
 * <p>Let e be the deviation of a run from the mean of its point, divided by (N / N_0)^c · (D /
 * D_0)^b, let e' be the same quantity for the same seed at the previous budget, and let r be the
 * correlation of e and e'. A point with k seeds has k - 1 degrees of freedom, and
 *
 * <pre>
 * p(b, c, m) ∝ prior · Π_runs [(N / N_0)^2c · (D / D_0)^2b · (1 - r²)]^(-(k - 1) / 2k) · S^(-ν/2),
 * S = Σ_runs (e - r·e')² / (1 - r²),   s² = S / χ²_ν
 * </pre>
 *
 * <p>If b = c = m = 0 were known, the intervals would be Student's t intervals.
 */
final class SeedNoise {
  /** Prior standard deviation of b: the noise may rise as fast as D, or fall as fast as 1/D. */
  static final double PRIOR_D = 1;

  static final double PRIOR_N = 0.5;

  private static final double STEP_D = 0.25;
  private static final double STEP_N = 0.25;
  private static final int STEPS_D = 12;
  private static final int STEPS_N = 7;

  /**
   * Values of m. Near 1, they have equal steps in ln(1 - m), because s and m cannot be
   * distinguished there, and with coarser steps, the grid rather than the seeds would determine s.
   */
  private static final double[] MEMORIES =
      IntStream.range(0, 22).mapToDouble(i -> 1 - Math.pow(2, -i)).toArray();

  /**
   * Smallest part of the variance that is independent between budgets, for example because of
   * rounding.
   */
  private static final double INDEPENDENT = 1e-4;

  private final int degreesOfFreedom;
  private final double logParams;
  private final double logTokens;
  private final List<Shape> likely;

  /**
   * A point of the posterior grid, which describes how the noise changes.
   *
   * @param memory correlation of the errors of one run at two budgets, one of which is twice the
   *     other
   * @param weight posterior probability of this point
   * @param squares the sum of squares S
   */
  private record Shape(double b, double c, double memory, double weight, double squares) {
    /**
     * Returns the correlation of the errors of one run at two numbers of tokens, given as
     * logarithms.
     */
    double correlation(double logTokens, double others) {
      return Math.pow(memory, Math.abs(others - logTokens) / Math.log(2));
    }
  }

  /**
   * The deviation of one run from the mean of its point.
   *
   * @param freedom degrees of freedom: 1 - 1/k at a point with k seeds
   * @param before deviation of the same seed at the previous budget; null at the first budget
   */
  private record Deviation(
      double logParams,
      double logTokens,
      double value,
      double freedom,
      @Nullable Deviation before) {}

  private SeedNoise(int degreesOfFreedom, double logParams, double logTokens, List<Shape> likely) {
    this.degreesOfFreedom = degreesOfFreedom;
    this.logParams = logParams;
    this.logTokens = logTokens;
    this.likely = List.copyOf(likely);
  }

  /**
   * Estimates the seed noise.
   *
   * @param losses loss of each completed run of the grid
   */
  static SeedNoise of(StudyGrid grid, double[] losses) {
    List<Deviation> all = deviations(grid, losses);
    double freedom = all.stream().mapToDouble(Deviation::freedom).sum();
    SeedNoise none =
        new SeedNoise(
            (int) Math.round(freedom),
            mean(all, Deviation::logParams),
            mean(all, Deviation::logTokens),
            List.of());
    if (all.isEmpty()) {
      return none;
    }
    List<Shape> shapes = new ArrayList<>();
    for (double memory : MEMORIES) {
      for (int i = -STEPS_D; i <= STEPS_D; i++) {
        for (int j = -STEPS_N; j <= STEPS_N; j++) {
          shapes.add(none.weighed(all, new Shape(STEP_D * i, STEP_N * j, memory, 0, 0)));
        }
      }
    }
    double top = shapes.stream().mapToDouble(Shape::weight).max().orElseThrow();
    double sum = shapes.stream().mapToDouble(e -> Math.exp(e.weight() - top)).sum();
    return new SeedNoise(
        none.degreesOfFreedom,
        none.logParams,
        none.logTokens,
        shapes.stream()
            .map(
                e ->
                    new Shape(
                        e.b(), e.c(), e.memory(), Math.exp(e.weight() - top) / sum, e.squares()))
            .toList());
  }

  private static List<Deviation> deviations(StudyGrid grid, double[] losses) {
    List<Deviation> all = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      for (StudyGrid.Model model : grid.models()) {
        Map<Integer, Deviation> last = new HashMap<>();
        for (StudyGrid.Cell cell : grid.overBudgets(mixture, model)) {
          int first = cell.firstRun();
          int seeds = cell.runs().size();
          double mean = Arrays.stream(losses, first, first + seeds).average().orElseThrow();
          for (int k = 0; k < seeds && seeds > 1; k++) {
            int seed = cell.runs().get(k).key().seed();
            Deviation own =
                new Deviation(
                    Math.log(model.params().count()),
                    Math.log(cell.tokens()),
                    losses[first + k] - mean,
                    1 - 1.0 / seeds,
                    last.get(seed));
            last.put(seed, own);
            all.add(own);
          }
        }
      }
    }
    return all;
  }

  private static double mean(List<Deviation> all, ToDoubleFunction<Deviation> of) {
    return all.stream().mapToDouble(of).average().orElse(0);
  }

  /** Returns a shape with its log weight and S. */
  private Shape weighed(List<Deviation> all, Shape e) {
    double log = -0.5 * (e.b() * e.b() / (PRIOR_D * PRIOR_D) + e.c() * e.c() / (PRIOR_N * PRIOR_N));
    double squares = 0;
    for (Deviation d : all) {
      double factor = factor(e, d.logParams(), d.logTokens());
      double innovation = d.value() / factor;
      double rest = 1;
      Deviation before = d.before();
      if (before != null) {
        double correlation = e.correlation(before.logTokens(), d.logTokens());
        double own = innovation;
        innovation -=
            correlation * before.value() / factor(e, before.logParams(), before.logTokens());
        rest = 1 - correlation * correlation;
        squares += INDEPENDENT * own * own / rest;
      }
      squares += innovation * innovation / rest;
      log -= d.freedom() * (Math.log(factor) + 0.5 * Math.log(rest));
    }
    // Seeds with identical losses carry no information about the shape.
    return new Shape(
        e.b(),
        e.c(),
        e.memory(),
        squares > 0 ? log - 0.5 * degreesOfFreedom * Math.log(squares) : 0,
        squares);
  }

  private double factor(Shape e, StudyGrid.Cell cell) {
    return factor(e, Math.log(cell.model().params().count()), Math.log(cell.tokens()));
  }

  private double factor(Shape e, double size, double tokens) {
    return Math.exp(e.c() * (size - logParams) + e.b() * (tokens - logTokens));
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
   * account for the uncertainty of b, c and m, so they fall with the distance from points that have
   * several seeds.
   */
  NoiseEstimate at(StudyGrid.Cell cell) {
    if (likely.stream().noneMatch(e -> e.squares() > 0)) {
      return NoiseEstimate.NONE;
    }
    double[] weights = likely.stream().mapToDouble(Shape::weight).toArray();
    double[] spreads =
        likely.stream()
            .mapToDouble(e -> factor(e, cell) * Math.sqrt(e.squares() / degreesOfFreedom))
            .toArray();
    return NoiseEstimate.ofMixture(weights, spreads, degreesOfFreedom);
  }

  /** Draws one noise function from the posterior distribution for each resample. */
  Drawn draw(int resamples, long seed) {
    Shape[] shapes = new Shape[resamples];
    double[] scales = new double[resamples];
    if (known()) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int r = 0; r < resamples; r++) {
        shapes[r] = pick(random.nextDouble());
        scales[r] = Math.sqrt(shapes[r].squares() / ChiSquare.draw(random, degreesOfFreedom));
      }
    }
    return new Drawn(shapes, scales);
  }

  private Shape pick(double place) {
    double sum = 0;
    for (Shape e : likely) {
      sum += e.weight();
      if (place < sum) {
        return e;
      }
    }
    return likely.get(likely.size() / 2);
  }

  /** The noise function of each resample, for means over the seeds of points. */
  final class Drawn {
    private final Shape[] shapes;
    private final double[] scales;

    private Drawn(Shape[] shapes, double[] scales) {
      this.shapes = shapes;
      this.scales = scales;
    }

    private double spread(int resample, StudyGrid.Cell cell) {
      return factor(shapes[resample], cell) * scales[resample] / Math.sqrt(cell.runs().size());
    }

    private double correlation(int resample, StudyGrid.Cell a, StudyGrid.Cell b) {
      return shapes[resample].correlation(Math.log(a.tokens()), Math.log(b.tokens()));
    }

    /**
     * Draws the effects of other seeds on the points of one mixture and model.
     *
     * @param points points in ascending order of budget
     */
    double[] path(int resample, List<StudyGrid.Cell> points, RandomGenerator random) {
      double[] effects = new double[points.size()];
      double z = 0;
      for (int i = 0; i < effects.length && known(); i++) {
        double kept = i == 0 ? 0 : correlation(resample, points.get(i - 1), points.get(i));
        z = kept * z + Math.sqrt(1 - kept * kept) * random.nextGaussian();
        effects[i] = spread(resample, points.get(i)) * z;
      }
      return effects;
    }

    /** Returns the standard deviation of the mean effect of another seed on the given points. */
    double spreadOfMean(int resample, List<StudyGrid.Cell> points) {
      double sum = 0;
      for (StudyGrid.Cell a : points) {
        for (StudyGrid.Cell b : points) {
          sum += spread(resample, a) * spread(resample, b) * correlation(resample, a, b);
        }
      }
      return Math.sqrt(sum) / points.size();
    }
  }
}
