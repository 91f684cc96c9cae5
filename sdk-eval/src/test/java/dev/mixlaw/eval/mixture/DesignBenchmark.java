package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Mixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Prints the regret of proposed mixtures, by the design of the trained mixtures and by model.
 * Regret is the true loss of the proposal minus the lowest true loss. The simulated loss of domain
 * i at shares r_j is L_i(r) = E_i + A_i / (0.35 + sum_j c_ij·r_j^g_j) with a noise of 0.01. Each
 * corpus has diminishing returns, and none of the models has this formula.
 */
final class DesignBenchmark {
  private static int repetitions = 40;
  private static final double NOISE = 0.01;

  private DesignBenchmark() {}

  private interface Design {
    List<double[]> mixtures(int sources, int number, int seed);
  }

  public static void main(String[] args) {
    Map<String, Design> designs = new LinkedHashMap<>();
    designs.put("spread", DesignBenchmark::spread);
    designs.put("drawn evenly", (d, n, s) -> drawn(d, n, s, 1, 1));
    designs.put("drawn as RegMix does", (d, n, s) -> drawn(d, n, s, 0.1, 5));
    designs.put("corners and drawn", DesignBenchmark::corners);
    repetitions = args.length > 1 ? Integer.parseInt(args[1]) : repetitions;
    for (int[] size : new int[][] {{3, 12}, {5, 20}, {5, 40}, {8, 32}}) {
      for (MixtureModel model :
          args.length > 0 && args[0].equals("kriging")
              ? List.of(MixtureModel.kriging())
              : List.of(MixtureModel.kriging(), MixtureModel.mixing())) {
        designs.forEach((name, design) -> print(size[0], size[1], model, name, design));
      }
    }
  }

  private static void print(int d, int n, MixtureModel model, String name, Design design) {
    List<Double> regrets = new ArrayList<>();
    int[] inside = new int[3];
    double bestTried = 0;
    double natural = 0;
    int refused = 0;
    for (int seed = 0; seed < repetitions; seed++) {
      Truth truth = Truth.draw(d, seed);
      double least = truth.least();
      double[] asItComes = drawn(d, 1, 1000 + seed, 3, 3).get(0);
      natural += (truth.mean(asItComes) - least) / repetitions;
      List<double[]> tried = new ArrayList<>(design.mixtures(d, n - 1, seed));
      tried.add(asItComes);
      MixtureRuns runs = truth.run(tried, seed);
      double[] means = runs.rows().stream().mapToDouble(r -> average(r.losses())).toArray();
      int first =
          IntStream.range(0, n).reduce((a, b) -> means[a] <= means[b] ? a : b).orElseThrow();
      bestTried += (truth.mean(tried.get(first)) - least) / repetitions;
      var fits = model.fitAll(runs, Resamples.of(100, 1)).toOptional();
      if (fits.isEmpty()) {
        refused++;
        continue;
      }
      Map<String, Double> weights = new LinkedHashMap<>();
      runs.domains().forEach(domain -> weights.put(domain, 1.0));
      Proposal proposal = Proposer.of(fits.get()).withinTried().best(weights).orElseThrow();
      double loss =
          truth.mean(proposal.parts().stream().mapToDouble(Proposal.Part::share).toArray());
      regrets.add(loss - least);
      inside[0] += proposal.loss().interval().contains(loss) ? 1 : 0;
      for (Proposal.Baseline baseline : proposal.baselines()) {
        double[] shares =
            runs.sources().stream()
                .mapToDouble(s -> baseline.shares().getOrDefault(s, 0.0))
                .toArray();
        boolean holds = baseline.difference().interval().contains(loss - truth.mean(shares));
        inside[1] += holds ? 1 : 0;
        inside[2]++;
      }
    }
    double[] sorted = regrets.stream().mapToDouble(r -> r).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %s | %s | %.4f | %.4f | %.4f | %.4f | %d | %.1f %% | %.1f %% |%n",
        d,
        n,
        model.id(),
        name,
        sorted.length == 0 ? Double.NaN : Arrays.stream(sorted).average().orElseThrow(),
        sorted.length == 0 ? Double.NaN : sorted[sorted.length * 9 / 10],
        bestTried,
        natural,
        refused,
        100.0 * inside[0] / regrets.size(),
        100.0 * inside[1] / inside[2]);
  }

  private static double average(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static List<double[]> spread(int d, int number, int seed) {
    List<Corpus> corpora =
        IntStream.range(0, d).mapToObj(j -> Corpus.jsonl(Path.of("s" + j + ".jsonl"))).toList();
    return Mixture.spread(corpora, number, seed).stream()
        .map(m -> corpora.stream().mapToDouble(c -> m.shareOf(c.name()).orElse(0)).toArray())
        .toList();
  }

  /**
   * Draws shares from symmetric Dirichlet distributions, whose concentrations are drawn
   * log-uniformly between the two given values.
   */
  private static List<double[]> drawn(int d, int number, int seed, double low, double high) {
    Random random = new Random(seed);
    return IntStream.range(0, number)
        .mapToObj(
            i -> {
              double shape = low * Math.pow(high / low, random.nextDouble());
              double[] shares = new double[d];
              for (int j = 0; j < d; j++) {
                shares[j] = gamma(random, shape);
              }
              double sum = Arrays.stream(shares).sum();
              return Arrays.stream(shares).map(s -> s / sum).toArray();
            })
        .toList();
  }

  private static List<double[]> corners(int d, int number, int seed) {
    List<double[]> all = new ArrayList<>(drawn(d, number - d, seed, 1, 1));
    for (int j = 0; j < d; j++) {
      double[] corner = new double[d];
      corner[j] = 1;
      all.add(corner);
    }
    return all;
  }

  /**
   * Draws from a gamma distribution of scale 1 (Marsaglia and Tsang, "A simple method for
   * generating gamma variables", 2000).
   */
  private static double gamma(Random random, double shape) {
    if (shape < 1) {
      return gamma(random, shape + 1) * Math.pow(random.nextDouble(), 1 / shape) + 1e-300;
    }
    double d = shape - 1 / 3.0;
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + x / Math.sqrt(9 * d), 3);
      if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  /**
   * True losses of the domains. There is one more domain than corpora, and each domain depends
   * mainly on one corpus.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Truth(double[][] near, double[] power, double[] height, double[] floor) {
    static Truth draw(int d, int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[][] near = new double[d + 1][d];
      for (int i = 0; i <= d; i++) {
        for (int j = 0; j < d; j++) {
          near[i][j] = 0.25 * random.nextDouble() + (i % d == j ? 1 : 0);
        }
        // the last corpus helps every domain a little
        near[i][d - 1] = 0.1 + 0.4 * random.nextDouble();
      }
      return new Truth(
          near,
          random.doubles(d, 0.3, 0.7).toArray(),
          random.doubles(d + 1, 0.6, 1.4).toArray(),
          random.doubles(d + 1, 1.5, 3).toArray());
    }

    double loss(int domain, double[] shares) {
      double sum = 0.35;
      for (int j = 0; j < shares.length; j++) {
        sum += near[domain][j] * Math.pow(shares[j], power[j]);
      }
      return floor[domain] + height[domain] / sum;
    }

    double mean(double[] shares) {
      return IntStream.range(0, floor.length)
          .mapToDouble(i -> loss(i, shares))
          .average()
          .orElseThrow();
    }

    MixtureRuns run(List<double[]> mixtures, int seed) {
      SplittableRandom random = new SplittableRandom(77 + seed);
      List<MixtureRuns.Run> runs = new ArrayList<>();
      for (double[] shares : mixtures) {
        runs.add(
            new MixtureRuns.Run(
                "run",
                shares,
                IntStream.range(0, floor.length)
                    .mapToDouble(i -> loss(i, shares) + NOISE * random.nextGaussian())
                    .toArray()));
      }
      return MixtureRuns.of(
          IntStream.range(0, power.length).mapToObj(j -> "s" + j).toList(),
          IntStream.range(0, floor.length).mapToObj(i -> "d" + i).toList(),
          runs);
    }

    /**
     * Returns the lowest mean loss, found by moving shares between pairs of corpora in ever smaller
     * steps.
     */
    double least() {
      double[] at = new double[power.length];
      Arrays.fill(at, 1.0 / at.length);
      double least = mean(at);
      for (double step = 0.1; step > 1e-5; ) {
        double before = least;
        for (int from = 0; from < at.length; from++) {
          for (int to = 0; to < at.length; to++) {
            double moved = Math.min(step, at[from]);
            at[from] -= moved;
            at[to] += moved;
            double there = mean(at);
            if (there < least) {
              least = there;
            } else {
              at[to] -= moved;
              at[from] += moved;
            }
          }
        }
        step = least < before ? step : step / 2;
      }
      return least;
    }
  }
}
