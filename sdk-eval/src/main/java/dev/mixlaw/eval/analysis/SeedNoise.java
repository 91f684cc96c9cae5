package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Interrupts;
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

/**
 * The noise of the loss over seeds, as a function of mixture, model size and budget. Its standard
 * deviation, in the unit of the loss, is
 *
 * <pre>s(mixture, N, D) = s · exp(τ·u_m) · (N / N_0)^c · (D / D_0)^(b + w·v_m) · exp(h·z_D)</pre>
 *
 * <p>The variables u_m, v_m and z_D have standard normal distributions, with one value for each
 * mixture m or budget D. N_0 and D_0 are the geometric means over the points with several seeds.
 * Each mixture has its own scale and exponent, because some mixtures have several times the noise
 * of others. Scales and exponents have normal distributions with standard deviations τ and w, so
 * mixtures with few seeds use the noise of the others. The last factor lets the noise at a budget
 * deviate from the power law for all mixtures. The variance at a single point has a scaled inverse
 * chi-square distribution about this function, with {@value #POINT_FREEDOM} degrees of freedom.
 *
 * <p>The budgets of a mixture, model and seed are branches of one training run, so their errors are
 * correlated. They form a first-order autoregressive process in ln D: the correlation between two
 * budgets is r^log2(D_2 / D_1).
 *
 * <p>A few seeds do not determine these parameters. They are therefore drawn from their posterior
 * distribution by elliptical slice sampling (Murray, Adams and MacKay, "Elliptical slice sampling",
 * 2010). All priors are functions of standard normal variables: the standard deviation is {@value
 * #PRIOR_D} for b and {@value #PRIOR_N} for c; τ, w and h have half-normal distributions with the
 * scales {@value #PRIOR_SCALES}, {@value #PRIOR_SLOPES} and {@value #PRIOR_BENDS}; log2(1 - r) is
 * nearly uniform from -{@value #SMALLEST_REST} to 0; ln s has a standard deviation of {@value
 * #PRIOR_LEVEL} about its estimate from the deviations of all runs from the mean of their point. If
 * only one mixture has a second seed, its noise is used for all mixtures. {@code BENCHMARKS.md}
 * lists the coverage of the intervals.
 *
 * <p>Intervals with this noise contain the true value in 95 % of cases on average over the points
 * of a study, not at each point. A point whose noise is above the function has intervals that are
 * too narrow, and a point whose noise is below it has intervals that are too wide (Morris,
 * "Parametric empirical Bayes inference", 1983). Only intervals from the seeds of a point alone
 * would have this coverage at each point, and with fewer than five seeds they are wider.
 */
final class SeedNoise {
  private static final double PRIOR_LEVEL = 3;

  /**
   * Prior standard deviation of b. Within one standard deviation, the noise rises at most in
   * proportion to D and falls at most in proportion to 1/D.
   */
  private static final double PRIOR_D = 1;

  private static final double PRIOR_N = 0.5;
  private static final double PRIOR_SCALES = 0.5;
  private static final double PRIOR_SLOPES = 0.3;
  private static final double PRIOR_BENDS = 0.2;
  private static final double SMALLEST_REST = 21;

  /**
   * Degrees of freedom of the ratio between the variance at a point and s². In a study with 10 to
   * 15 seeds per point, the estimate was about 13 degrees of freedom ({@code BENCHMARKS.md}).
   */
  private static final double POINT_FREEDOM = 16;

  /** Smallest fraction of the variance that is independent between budgets. */
  private static final double INDEPENDENT = 1e-4;

  private static final int DRAWS = 1000;

  // Positions of the parameters that are common to all mixtures. In the array of a draw, these
  // parameters follow those of single mixtures and budgets.
  private static final int LEVEL = 0;
  private static final int D = 1;
  private static final int N = 2;
  private static final int SCALES = 3;
  private static final int SLOPES = 4;
  private static final int BENDS = 5;
  private static final int MEMORY = 6;
  private static final int SHARED = 7;

  private final StudyGrid grid;
  private final double[] logBudgets;
  private final double[] logSizes;

  /** For each mixture, the sums over seeds at each model and budget with several seeds. */
  private final List<List<Span>> spans = new ArrayList<>();

  private final boolean known;
  private final boolean several;
  private final double center;

  /**
   * Draws of the standard normal variables: two for each mixture, one for each budget, and those
   * that are common to all mixtures.
   */
  private final List<double[]> draws = new ArrayList<>();

  /**
   * Sums over the seeds of a model at a budget, where e is the deviation of a run from the mean of
   * its point and e' the deviation of the same seed at the previous budget.
   *
   * @param before index of the previous budget, or -1
   * @param freedom number of seeds minus 1
   * @param squares sum of e²
   * @param products sum of e·e'
   * @param squaresBefore sum of e'²
   */
  private record Span(
      int model,
      int before,
      int budget,
      int freedom,
      double squares,
      double products,
      double squaresBefore) {}

  private SeedNoise(StudyGrid grid, double[] losses) {
    this.grid = grid;
    for (String mixture : grid.mixtures()) {
      List<Span> own = new ArrayList<>();
      for (int n = 0; n < grid.models().size(); n++) {
        addSpans(own, n, grid.overBudgets(mixture, grid.models().get(n)), losses);
      }
      spans.add(own);
    }
    List<Span> all = spans.stream().flatMap(List::stream).toList();
    double freedom = all.stream().mapToInt(Span::freedom).sum();
    known = freedom > 0;
    several = spans.stream().filter(own -> !own.isEmpty()).count() > 1;
    center = 0.5 * Math.log(all.stream().mapToDouble(Span::squares).sum() / freedom);
    double[] sizes =
        grid.models().stream().mapToDouble(m -> Math.log(m.params().count())).toArray();
    double[] budgets = grid.budgets().stream().mapToDouble(b -> Math.log(b.count())).toArray();
    double size = all.stream().mapToDouble(s -> s.freedom * sizes[s.model]).sum() / freedom;
    double budget = all.stream().mapToDouble(s -> s.freedom * budgets[s.budget]).sum() / freedom;
    logSizes = Arrays.stream(sizes).map(x -> x - size).toArray();
    logBudgets = Arrays.stream(budgets).map(x -> x - budget).toArray();
  }

  private void addSpans(List<Span> spans, int model, List<StudyGrid.Cell> points, double[] losses) {
    Map<Integer, Double> last = new HashMap<>();
    int before = -1;
    for (StudyGrid.Cell point : points) {
      int seeds = point.runs().size();
      if (seeds > 1) {
        int first = point.firstRun();
        double mean = Arrays.stream(losses, first, first + seeds).average().orElseThrow();
        double[] sums = new double[3];
        Map<Integer, Double> deviations = new HashMap<>();
        for (int k = 0; k < seeds; k++) {
          double e = losses[first + k] - mean;
          int seed = point.runs().get(k).key().seed();
          double f = last.getOrDefault(seed, 0.0);
          deviations.put(seed, e);
          sums[0] += e * e;
          sums[1] += e * f;
          sums[2] += f * f;
        }
        int budget = grid.budgets().indexOf(point.budget());
        spans.add(new Span(model, before, budget, seeds - 1, sums[0], sums[1], sums[2]));
        before = budget;
        last = deviations;
      }
    }
  }

  /**
   * Estimates the seed noise.
   *
   * @param losses loss of each completed run of the grid
   */
  static SeedNoise of(StudyGrid grid, double[] losses, long seed) {
    SeedNoise noise = new SeedNoise(grid, losses);
    if (noise.center > Double.NEGATIVE_INFINITY) {
      noise.sample(new SplittableRandom(seed));
    }
    return noise;
  }

  private void sample(SplittableRandom random) {
    int mixtures = spans.size();
    int shared = shared(0);
    double[] state = new double[shared + SHARED];
    for (int i = -DRAWS / 10; i < DRAWS; i++) {
      Interrupts.check();
      for (int m = 0; m < mixtures; m++) {
        move(state, 2 * m, 2 * m + 2, random);
      }
      move(state, 2 * mixtures, shared, random);
      for (int p = shared; p < state.length; p++) {
        move(state, p, p + 1, random);
      }
      if (i >= 0) {
        draws.add(state.clone());
      }
    }
  }

  /**
   * Draws the variables from {@code from} to {@code to - 1}, given all others, by one step of
   * elliptical slice sampling.
   */
  private void move(double[] state, int from, int to, SplittableRandom random) {
    double[] old = Arrays.copyOfRange(state, from, to);
    double[] other = IntStream.range(from, to).mapToDouble(i -> random.nextGaussian()).toArray();
    double level = logLikelihood(state, from) + Math.log(random.nextDouble());
    double angle = random.nextDouble(2 * Math.PI);
    double low = angle - 2 * Math.PI;
    double high = angle;
    while (true) {
      for (int i = 0; i < old.length; i++) {
        state[from + i] = old[i] * Math.cos(angle) + other[i] * Math.sin(angle);
      }
      if (logLikelihood(state, from) >= level) {
        return;
      }
      if (angle < 0) {
        low = angle;
      } else {
        high = angle;
      }
      angle = random.nextDouble(low, high);
    }
  }

  /** Returns the part of the log-likelihood that depends on a variable. */
  private double logLikelihood(double[] state, int variable) {
    double memory = memory(state);
    if (variable < 2 * spans.size()) {
      return logLikelihood(state, variable / 2, memory);
    }
    double sum = 0;
    for (int m = 0; m < spans.size(); m++) {
      sum += logLikelihood(state, m, memory);
    }
    return sum;
  }

  private double logLikelihood(double[] state, int mixture, double memory) {
    double[] logs = new double[logBudgets.length];
    double[] inverse = new double[logBudgets.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = log(state, mixture, i);
      inverse[i] = Math.exp(-logs[i]);
    }
    double sum = 0;
    for (Span span : spans.get(mixture)) {
      double one = inverse[span.budget];
      double rest = 1;
      double squares = span.squares * one * one;
      if (span.before >= 0) {
        double kept = correlation(memory, span.before, span.budget);
        double back = kept * inverse[span.before];
        rest -= kept * kept;
        squares *= 1 + INDEPENDENT;
        squares += back * (back * span.squaresBefore - 2 * one * span.products);
      }
      double size = PRIOR_N * state[shared(N)] * logSizes[span.model];
      sum -= span.freedom * (logs[span.budget] + size + 0.5 * Math.log(rest));
      sum -= squares / (2 * rest * Math.exp(2 * size));
    }
    return sum;
  }

  private int shared(int parameter) {
    return 2 * spans.size() + logBudgets.length + parameter;
  }

  /** Returns the logarithm of the standard deviation for a mixture and budget at N = N_0. */
  private double log(double[] state, int mixture, int budget) {
    double scale = PRIOR_LEVEL * state[shared(LEVEL)];
    double slope = PRIOR_D * state[shared(D)];
    if (several) {
      scale += PRIOR_SCALES * state[shared(SCALES)] * state[2 * mixture];
      slope += PRIOR_SLOPES * state[shared(SLOPES)] * state[2 * mixture + 1];
    }
    double bend = PRIOR_BENDS * state[shared(BENDS)] * state[2 * spans.size() + budget];
    return center + scale + slope * logBudgets[budget] + bend;
  }

  private double memory(double[] state) {
    return 1 - Math.pow(2, -SMALLEST_REST / (1 + Math.exp(-1.7 * state[shared(MEMORY)])));
  }

  private double correlation(double memory, int a, int b) {
    return Math.pow(memory, Math.abs(logBudgets[a] - logBudgets[b]) / Math.log(2));
  }

  boolean known() {
    return known;
  }

  /**
   * Returns the posterior mean of r, the correlation between the deviations of a seed at two
   * budgets that differ by a factor of 2.
   */
  double memory() {
    return draws.stream().mapToDouble(this::memory).average().orElse(0);
  }

  /** Returns the standard deviation of the loss of one run at a point. */
  private double ofRun(double[] draw, StudyGrid.Cell cell) {
    int mixture = grid.mixtures().indexOf(cell.mixture());
    double size = PRIOR_N * draw[shared(N)] * logSizes[grid.models().indexOf(cell.model())];
    return Math.exp(log(draw, mixture, grid.budgets().indexOf(cell.budget())) + size);
  }

  /** Returns the standard deviation of the mean loss of a point. */
  private double spread(double[] draw, StudyGrid.Cell cell) {
    return ofRun(draw, cell) / Math.sqrt(cell.runs().size());
  }

  private NoiseEstimate ofMean(double[] draw, StudyGrid.Cell cell) {
    return new NoiseEstimate(spread(draw, cell), POINT_FREEDOM);
  }

  /**
   * Returns the standard deviation of the loss of one run at a point, which may have no runs yet.
   * The degrees of freedom also account for the uncertainty of the parameters. They are therefore
   * smaller at points that are farther from those with several seeds.
   */
  NoiseEstimate at(StudyGrid.Cell cell) {
    return mixed(d -> new NoiseEstimate(ofRun(d, cell), POINT_FREEDOM));
  }

  /** Returns the standard error of the difference between the mean losses of two points. */
  NoiseEstimate ofDifference(StudyGrid.Cell a, StudyGrid.Cell b) {
    return mixed(d -> ofMean(d, a).plus(ofMean(d, b)));
  }

  private NoiseEstimate mixed(Function<double[], NoiseEstimate> ofDraw) {
    return draws.isEmpty()
        ? NoiseEstimate.NONE
        : NoiseEstimate.ofMixture(draws.stream().map(ofDraw).toList());
  }

  private double[] draw(int resample) {
    return draws.get(resample % draws.size());
  }

  private double correlation(double[] draw, StudyGrid.Cell a, StudyGrid.Cell b) {
    return correlation(
        memory(draw), grid.budgets().indexOf(a.budget()), grid.budgets().indexOf(b.budget()));
  }

  /**
   * Draws the changes of the mean losses that other seeds would cause at several points of one
   * mixture and model.
   *
   * @param resample index of the resample, which selects the draw of the noise
   * @param points points in ascending order of budget
   */
  double[] path(int resample, List<StudyGrid.Cell> points, RandomGenerator random) {
    double[] effects = new double[points.size()];
    double z = 0;
    for (int i = 0; i < effects.length && !draws.isEmpty(); i++) {
      double[] draw = draw(resample);
      double kept = i == 0 ? 0 : correlation(draw, points.get(i - 1), points.get(i));
      z = kept * z + Math.sqrt(1 - kept * kept) * random.nextGaussian();
      effects[i] = spread(draw, points.get(i)) * z;
    }
    return effects;
  }

  /**
   * Returns the standard deviation of the mean, over the given points, of the changes that other
   * seeds would cause.
   *
   * @param resample index of the resample, which selects the draw of the noise
   */
  double spreadOfMean(int resample, List<StudyGrid.Cell> points) {
    if (draws.isEmpty()) {
      return 0;
    }
    double[] draw = draw(resample);
    double sum = 0;
    for (StudyGrid.Cell a : points) {
      for (StudyGrid.Cell b : points) {
        sum += spread(draw, a) * spread(draw, b) * correlation(draw, a, b);
      }
    }
    return Math.sqrt(sum) / points.size();
  }
}
