package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.Gamma;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The noise of the loss over seeds, as a function of mixture, model size and budget. Its standard
 * deviation, in the unit of the loss, is
 *
 * <pre>s(mixture, N, D) = s_m · (N / N_0)^c · (D / D_0)^b_m · exp(v·z_D)</pre>
 *
 * <p>The budgets of a mixture, model and seed are branches of one training run, so their errors are
 * correlated. They form a first-order autoregressive process in ln D: the correlation between two
 * budgets is r^log2(D_2 / D_1). N_0 and D_0 are the geometric means over the points with several
 * seeds.
 *
 * <p>Some mixtures have several times the noise of others. Each mixture therefore has its own s_m
 * and b_m, which are shrunk toward common values (as in Smyth 2004): s_m² has a scaled inverse
 * chi-square distribution with d degrees of freedom and scale s², and b_m has a normal distribution
 * with mean b and standard deviation w. The standard normal z_D lets the noise at a budget deviate
 * from the power law for all mixtures. At a single point, s² has a scaled inverse chi-square
 * distribution about this function, with {@value #POINT_FREEDOM} degrees of freedom. A mixture with
 * k seeds at its points has ν = Σ (k - 1) degrees of freedom and, given the other parameters,
 *
 * <pre>
 * s_m² = (d·s² + S_m) / χ²_(d + ν),   S_m = Σ_runs (e - ρ·e')² / (1 - ρ²)
 * </pre>
 *
 * <p>where e is the deviation of a run from the mean of its point, divided by s(mixture, N, D) /
 * s_m. At the previous budget, the same seed has the deviation e', and ρ is the correlation between
 * e and e'. For a mixture without a second seed, ν is 0.
 *
 * <p>A few seeds do not determine these parameters. The parameters are therefore drawn from their
 * posterior distribution by the Metropolis algorithm, with s_m and b_m integrated out. The priors
 * of b and c are normal with mean 0 and standard deviations {@value #PRIOR_D} and {@value
 * #PRIOR_N}; 1 - r is a power of 1/2 from 1 to 2^-21, with equal probabilities; ln s is uniform; d,
 * w and v have the values and probabilities of {@link #FREEDOMS}, {@link #SLOPE_WIDTHS} and {@link
 * #BEND_WIDTHS}. If only one mixture has a second seed, its noise is used for all mixtures. {@code
 * BENCHMARKS.md} lists the coverage of the intervals.
 */
final class SeedNoise {
  /** Prior standard deviation of b. The noise can rise as fast as D or fall as fast as 1/D. */
  static final double PRIOR_D = 1;

  static final double PRIOR_N = 0.5;

  private static final double STEP = 0.25;

  private static final int STEPS_D = 12;
  private static final int STEPS_N = 7;

  /** Number of values of r. The values have equal steps in ln(1 - r) near 1. */
  private static final int MEMORIES = 22;

  /**
   * Values of d and their prior probabilities. They range from mixtures with equal noise to
   * mixtures with almost independent noise.
   */
  private static final double[][] FREEDOMS = {
    {1e4, 0.2}, {16, 0.25}, {6, 0.25}, {2.5, 0.2}, {1, 0.1}
  };

  /** Values of w and their prior probabilities. */
  private static final double[][] SLOPE_WIDTHS = {{0, 0.25}, {0.25, 0.45}, {0.5, 0.3}};

  /** Values of v and their prior probabilities. */
  private static final double[][] BEND_WIDTHS = {{0, 0.3}, {0.15, 0.3}, {0.3, 0.25}, {0.6, 0.15}};

  /**
   * Degrees of freedom of the ratio between the variance at a point and this function. A study with
   * 10 to 15 seeds per point showed about 13 ({@code BENCHMARKS.md}).
   */
  private static final double POINT_FREEDOM = 16;

  /** Smallest part of the variance that is independent between budgets. */
  private static final double INDEPENDENT = 1e-4;

  /** Lower limit of the variance of a mixture, relative to the variance of all mixtures. */
  private static final double LEAST = 1e-3;

  /** Largest distance of ln s² from the estimate that assumes equal noise of all mixtures. */
  private static final double FARTHEST = 8;

  private static final int DRAWS = 1000;
  private static final int MOVES_PER_DRAW = 24;

  private final List<String> mixtures;
  private final List<Tokens> budgets;
  private final double[] logBudgets;
  private final boolean known;
  private final double logParams;
  private final double logTokens;
  private final List<Draw> draws = new ArrayList<>();

  /**
   * A draw from the posterior distribution.
   *
   * @param memory r
   * @param bends v·z_D of each budget
   * @param slopes b_m of each mixture
   * @param spreads s_m of each mixture, with its degrees of freedom d + ν
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Draw(
      double c, double memory, double[] bends, double[] slopes, NoiseEstimate[] spreads) {}

  private SeedNoise(StudyGrid grid, List<Deviation> all) {
    mixtures = grid.mixtures();
    budgets = grid.budgets();
    logBudgets = budgets.stream().mapToDouble(b -> Math.log(b.count())).toArray();
    double freedom = all.stream().mapToDouble(Deviation::freedom).sum();
    known = freedom > 0;
    logParams = all.stream().mapToDouble(s -> s.freedom() * s.logParams()).sum() / freedom;
    logTokens = all.stream().mapToDouble(s -> s.freedom() * logBudgets[s.budget()]).sum() / freedom;
  }

  /**
   * The deviation of one run from the mean of its point.
   *
   * @param freedom degrees of freedom, which are 1 - 1/k at a point with k seeds
   * @param before deviation of the same seed at the previous budget; null at the first budget
   */
  private record Deviation(
      int mixture,
      double logParams,
      int budget,
      double value,
      double freedom,
      @Nullable Deviation before) {
    Span span() {
      return new Span(before == null ? -1 : before.budget(), budget);
    }
  }

  /** A budget and the previous budget of the same seeds, which is -1 at the first budget. */
  private record Span(int before, int budget) {}

  /**
   * Estimates the seed noise.
   *
   * @param losses loss of each completed run of the grid
   */
  static SeedNoise of(StudyGrid grid, double[] losses, long seed) {
    List<Deviation> all = deviations(grid, losses);
    SeedNoise noise = new SeedNoise(grid, all);
    if (all.stream().anyMatch(d -> d.value() != 0)) {
      noise.new Posterior(all).draw(new SplittableRandom(seed));
    }
    return noise;
  }

  private static List<Deviation> deviations(StudyGrid grid, double[] losses) {
    List<Deviation> all = new ArrayList<>();
    for (int m = 0; m < grid.mixtures().size(); m++) {
      for (StudyGrid.Model model : grid.models()) {
        Map<Integer, Deviation> last = new HashMap<>();
        for (StudyGrid.Cell cell : grid.overBudgets(grid.mixtures().get(m), model)) {
          int first = cell.firstRun();
          int seeds = cell.runs().size();
          double mean = Arrays.stream(losses, first, first + seeds).average().orElseThrow();
          for (int k = 0; k < seeds && seeds > 1; k++) {
            int seed = cell.runs().get(k).key().seed();
            Deviation own =
                new Deviation(
                    m,
                    Math.log(model.params().count()),
                    grid.budgets().indexOf(cell.budget()),
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

  private static double highest(double[] values) {
    double highest = values[0];
    for (double value : values) {
      highest = Math.max(highest, value);
    }
    return highest;
  }

  private double correlation(double memory, int a, int b) {
    return Math.pow(memory, Math.abs(logBudgets[a] - logBudgets[b]) / Math.log(2));
  }

  private static double memory(int index) {
    return 1 - Math.pow(2, -index);
  }

  /**
   * A state of the Markov chain: b and c in steps, the indices of r, d, w and v, ln s², and z of
   * each budget.
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record State(int b, int c, int r, int d, int w, int v, double level, double[] z) {
    boolean inside() {
      return Math.abs(b) <= STEPS_D
          && Math.abs(c) <= STEPS_N
          && in(r, MEMORIES)
          && in(d, FREEDOMS.length)
          && in(w, SLOPE_WIDTHS.length)
          && in(v, BEND_WIDTHS.length);
    }

    private static boolean in(int index, int number) {
      return index >= 0 && index < number;
    }

    /** Proposes a change of one or two parameters. The reverse move has the same probability. */
    State moved(SplittableRandom random, boolean several, int[] seeded) {
      int step = (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(3));
      int one = Integer.signum(step);
      double gauss = random.nextGaussian();
      boolean bent = seeded.length > 2;
      return switch (random.nextInt(10)) {
        case 0 -> new State(b + step, c, r, d, w, v, level, z);
        case 1 -> new State(b, c + step, r, d, w, v, level, z);
        // the seeds determine s²·(1 - r²) better than either
        case 2 -> new State(b, c, r + step, d, w, v, level + step * Math.log(2), z);
        case 3 -> new State(b, c, r + step, d, w, v, level, z);
        case 4 -> new State(b, c, r, d, w, v, level + 0.1 * gauss, z);
        case 5 -> new State(b, c, r, d, w, v, level + gauss, z);
        case 6 -> several ? new State(b, c, r, d + one, w, v, level, z) : this;
        case 7 -> several ? new State(b, c, r, d, w + one, v, level, z) : this;
        case 8 -> bent ? new State(b, c, r, d, w, v + one, level, z) : this;
        default -> bent ? bent(seeded[random.nextInt(seeded.length)], 0.7 * gauss) : this;
      };
    }

    private State bent(int budget, double by) {
      double[] bends = z.clone();
      bends[budget] += by;
      return new State(b, c, r, d, w, v, level, bends);
    }
  }

  /** The posterior distribution of the parameters. */
  private final class Posterior {
    private final List<Span> spans;
    private final int[] seeded;
    private final boolean several;
    private final double center;
    private final double least;

    /** Degrees of freedom ν of each mixture. */
    private final double[] freedom = new double[mixtures.size()];

    /** Sum of degrees of freedom times ln(N / N_0) for each mixture. */
    private final double[] sizes = new double[mixtures.size()];

    private final double[][] freedoms;

    /** Sums of e², e·e' and e'² divided by (N / N_0)^2c, indexed by c, mixture and span. */
    private final double[][][][] squares;

    /** Probability distribution of b_m around b for each w. */
    private final double[][] kernels = new double[SLOPE_WIDTHS.length][];

    /** ln Γ((d + ν) / 2) - ln Γ(d / 2), indexed by d and mixture. */
    private final double[][] gammas = new double[FREEDOMS.length][mixtures.size()];

    Posterior(List<Deviation> all) {
      spans = all.stream().map(Deviation::span).distinct().toList();
      seeded = all.stream().mapToInt(Deviation::budget).distinct().toArray();
      several = all.stream().mapToInt(Deviation::mixture).distinct().count() > 1;
      double variance =
          all.stream().mapToDouble(d -> d.value() * d.value()).sum()
              / all.stream().mapToDouble(Deviation::freedom).sum();
      center = Math.log(variance);
      least = LEAST * variance;
      freedoms = new double[mixtures.size()][spans.size()];
      squares = new double[2 * STEPS_N + 1][mixtures.size()][spans.size()][3];
      for (Deviation d : all) {
        int m = d.mixture();
        int at = spans.indexOf(d.span());
        double size = d.logParams() - logParams;
        double before = d.before() == null ? 0 : d.before().value();
        freedom[m] += d.freedom();
        sizes[m] += d.freedom() * size;
        freedoms[m][at] += d.freedom();
        for (int c = -STEPS_N; c <= STEPS_N; c++) {
          double factor = Math.exp(-2 * STEP * c * size);
          double[] sums = squares[c + STEPS_N][m][at];
          sums[0] += factor * d.value() * d.value();
          sums[1] += factor * d.value() * before;
          sums[2] += factor * before * before;
        }
      }
      for (int w = 0; w < kernels.length; w++) {
        double width = SLOPE_WIDTHS[w][0];
        int reach = (int) Math.round(2.5 * width / STEP);
        double[] kernel = new double[2 * reach + 1];
        for (int i = -reach; i <= reach; i++) {
          kernel[reach + i] = i == 0 ? 1 : Math.exp(-0.5 * Math.pow(STEP * i / width, 2));
        }
        double sum = Arrays.stream(kernel).sum();
        kernels[w] = Arrays.stream(kernel).map(k -> k / sum).toArray();
      }
      for (int d = 0; d < gammas.length; d++) {
        double half = FREEDOMS[d][0] / 2;
        Arrays.setAll(gammas[d], m -> Gamma.log(half + freedom[m] / 2) - Gamma.log(half));
      }
    }

    void draw(SplittableRandom random) {
      Slopes at = new Slopes(new State(0, 0, 2, 0, 0, 0, center, new double[budgets.size()]));
      for (int i = -50; i < DRAWS; i++) {
        Interrupts.check();
        for (int k = 0; k < MOVES_PER_DRAW; k++) {
          State next = at.s.moved(random, several, seeded);
          if (next.inside() && !next.equals(at.s)) {
            Slopes proposed = new Slopes(next);
            if (Math.log(random.nextDouble()) < proposed.density - at.density) {
              at = proposed;
            }
          }
        }
        if (i >= 0) {
          draws.add(at.draw(random));
        }
      }
    }

    /** The likelihood of each value of b_m of each mixture, given a state. */
    private final class Slopes {
      final State s;
      final double[] kernel;
      final int first;

      /** Scaled sums of squares d·s² + S_m, indexed by mixture and slope. */
      final double[][] scales;

      final double[][] logs;

      /** Logarithm of the posterior density of the state, except for a constant. */
      final double density;

      Slopes(State s) {
        this.s = s;
        kernel = kernels[s.w()];
        first = s.b() - kernel.length / 2;
        scales = new double[mixtures.size()][kernel.length];
        logs = new double[mixtures.size()][kernel.length];
        double d = FREEDOMS[s.d()][0];
        double scale = d * Math.exp(s.level());
        double bend = BEND_WIDTHS[s.v()][0];
        double[][] parts = new double[kernel.length][4 * spans.size()];
        for (int i = 0; i < spans.size(); i++) {
          Span span = spans.get(i);
          double kept =
              span.before() < 0 ? 0 : correlation(memory(s.r()), span.before(), span.budget());
          double rest = 1 - kept * kept;
          for (int k = 0; k < kernel.length; k++) {
            double slope = STEP * (first + k);
            double factor =
                slope * (logBudgets[span.budget()] - logTokens) + bend * s.z()[span.budget()];
            double inverse = Math.exp(-factor);
            double back = 0;
            if (kept > 0) {
              back =
                  kept
                      * Math.exp(
                          -slope * (logBudgets[span.before()] - logTokens)
                              - bend * s.z()[span.before()]);
            }
            parts[k][4 * i] = (kept > 0 ? 1 + INDEPENDENT : 1) * inverse * inverse / rest;
            parts[k][4 * i + 1] = -2 * back * inverse / rest;
            parts[k][4 * i + 2] = back * back / rest;
            parts[k][4 * i + 3] = factor + 0.5 * Math.log(rest);
          }
        }
        for (int m = 0; m < scales.length; m++) {
          double prior = gammas[s.d()][m] + d / 2 * Math.log(scale) - STEP * s.c() * sizes[m];
          for (int k = 0; k < kernel.length; k++) {
            double sum = scale + least * freedom[m];
            double log = prior + Math.log(kernel[k]);
            for (int i = 0; i < freedoms[m].length; i++) {
              double[] own = squares[s.c() + STEPS_N][m][i];
              double[] part = parts[k];
              sum += own[0] * part[4 * i] + own[1] * part[4 * i + 1] + own[2] * part[4 * i + 2];
              log -= freedoms[m][i] * part[4 * i + 3];
            }
            scales[m][k] = sum;
            logs[m][k] = log - (d + freedom[m]) / 2 * Math.log(sum);
          }
        }
        density = density();
      }

      private double density() {
        double b = STEP * s.b() / PRIOR_D;
        double c = STEP * s.c() / PRIOR_N;
        double log =
            Math.log(FREEDOMS[s.d()][1] * SLOPE_WIDTHS[s.w()][1] * BEND_WIDTHS[s.v()][1])
                - 0.5 * (b * b + c * c + Arrays.stream(s.z()).map(z -> z * z).sum());
        for (double[] own : logs) {
          double top = highest(own);
          double sum = 0;
          for (double l : own) {
            sum += Math.exp(l - top);
          }
          log += top + Math.log(sum);
        }
        return Math.abs(s.level() - center) < FARTHEST ? log : Double.NEGATIVE_INFINITY;
      }

      Draw draw(SplittableRandom random) {
        double[] slopes = new double[logs.length];
        NoiseEstimate[] spreads = new NoiseEstimate[logs.length];
        for (int m = 0; m < slopes.length; m++) {
          double top = highest(logs[m]);
          double[] weights = Arrays.stream(logs[m]).map(l -> Math.exp(l - top)).toArray();
          double place = random.nextDouble() * Arrays.stream(weights).sum() - weights[0];
          int k = 0;
          while (place > 0 && k < weights.length - 1) {
            place -= weights[++k];
          }
          double degrees = FREEDOMS[s.d()][0] + freedom[m];
          slopes[m] = STEP * (first + k);
          spreads[m] = new NoiseEstimate(Math.sqrt(scales[m][k] / degrees), degrees);
        }
        double[] bends = new double[budgets.size()];
        for (int i = 0; i < bends.length; i++) {
          int budget = i;
          bends[i] =
              BEND_WIDTHS[s.v()][0]
                  * (IntStream.of(seeded).anyMatch(x -> x == budget)
                      ? s.z()[i]
                      : random.nextGaussian());
        }
        return new Draw(STEP * s.c(), memory(s.r()), bends, slopes, spreads);
      }
    }
  }

  boolean known() {
    return known;
  }

  /** Returns the posterior mean of r, the correlation between budgets that differ by a factor 2. */
  double memory() {
    return draws.stream().mapToDouble(Draw::memory).average().orElse(0);
  }

  private double factor(Draw draw, StudyGrid.Cell cell) {
    int budget = budgets.indexOf(cell.budget());
    return Math.exp(
        draw.c() * (Math.log(cell.model().params().count()) - logParams)
            + draw.slopes()[mixtures.indexOf(cell.mixture())] * (logBudgets[budget] - logTokens)
            + draw.bends()[budget]);
  }

  private NoiseEstimate of(Draw draw, StudyGrid.Cell cell, int runs) {
    NoiseEstimate own = draw.spreads()[mixtures.indexOf(cell.mixture())];
    return new NoiseEstimate(
        own.standardDeviation() * factor(draw, cell) / Math.sqrt(runs),
        1 / (1 / own.degreesOfFreedom() + 1 / POINT_FREEDOM));
  }

  /**
   * Returns the standard deviation of the loss of one run at a point. Its degrees of freedom also
   * account for the uncertainty of the other parameters. They therefore decrease with the distance
   * from points with several seeds.
   */
  NoiseEstimate at(StudyGrid.Cell cell) {
    return mixed(d -> of(d, cell, 1));
  }

  /** Returns the standard error of the difference between the mean losses of two points. */
  NoiseEstimate ofDifference(StudyGrid.Cell a, StudyGrid.Cell b) {
    return mixed(d -> of(d, a, a.runs().size()).plus(of(d, b, b.runs().size())));
  }

  private NoiseEstimate mixed(Function<Draw, NoiseEstimate> ofDraw) {
    return draws.isEmpty()
        ? NoiseEstimate.NONE
        : NoiseEstimate.ofMixture(draws.stream().map(ofDraw).toList());
  }

  Drawn draw(int resamples, long seed) {
    Draw[] shapes = new Draw[resamples];
    double[][] scales = new double[resamples][mixtures.size()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < resamples && !draws.isEmpty(); r++) {
      Draw shape = draws.get((int) ((long) r * draws.size() / resamples));
      shapes[r] = shape;
      Arrays.setAll(scales[r], m -> shape.spreads()[m].drawStandardDeviation(random));
    }
    return new Drawn(shapes, scales);
  }

  final class Drawn {
    private final Draw[] shapes;
    private final double[][] scales;

    private Drawn(Draw[] shapes, double[][] scales) {
      this.shapes = shapes;
      this.scales = scales;
    }

    private double spread(int resample, StudyGrid.Cell cell) {
      return factor(shapes[resample], cell)
          * scales[resample][mixtures.indexOf(cell.mixture())]
          / Math.sqrt(cell.runs().size());
    }

    private double correlation(int resample, StudyGrid.Cell a, StudyGrid.Cell b) {
      return SeedNoise.this.correlation(
          shapes[resample].memory(), budgets.indexOf(a.budget()), budgets.indexOf(b.budget()));
    }

    /**
     * Draws the effects of other seeds on the points of one mixture and model.
     *
     * @param points points in ascending order of budget
     */
    double[] path(int resample, List<StudyGrid.Cell> points, RandomGenerator random) {
      double[] effects = new double[points.size()];
      double z = 0;
      for (int i = 0; i < effects.length && !draws.isEmpty(); i++) {
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
