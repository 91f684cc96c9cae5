package dev.mixlaw.eval.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** Simulated runs of mixtures whose true losses are known. */
final class Simulated {
  private Simulated() {}

  /**
   * Returns runs of random mixtures, whose losses are a function of the shares with relative noise.
   */
  static MixtureRuns runs(
      int sources, int number, double noise, ToDoubleBiFunction<double[], TrainingScale> truth) {
    SplittableRandom random = new SplittableRandom(5);
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      double[] shares = shares(sources, random);
      double loss =
          truth.applyAsDouble(shares, TrainingScale.UNSAID)
              * Math.exp(noise * random.nextGaussian());
      runs.add(new MixtureRuns.Run("run " + i, shares, new double[] {loss}));
    }
    return MixtureRuns.of(
        IntStream.range(0, sources).mapToObj(j -> "s" + j).toList(), List.of("domain"), runs);
  }

  /**
   * Returns each run twice: with its loss and a weight of 1, and with a loss 1 higher and a weight
   * of 9.
   */
  static MixtureRuns twice(MixtureRuns runs) {
    List<MixtureRuns.Run> rows = new ArrayList<>();
    for (MixtureRuns.Run r : runs.rows()) {
      for (int more = 0; more < 2; more++) {
        double[] loss = {r.losses()[0] + more};
        rows.add(
            new MixtureRuns.Run(
                r.label(), r.shares(), r.scale(), loss, 1 + 8 * more, Optional.empty()));
      }
    }
    return MixtureRuns.of(runs.sources(), runs.domains(), rows);
  }

  /** Draws shares from a uniform distribution over all shares that sum to 1. */
  static double[] shares(int sources, SplittableRandom random) {
    double[] shares = new double[sources];
    double sum = 0;
    for (int j = 0; j < sources; j++) {
      shares[j] = -Math.log(1 - random.nextDouble());
      sum += shares[j];
    }
    for (int j = 0; j < sources; j++) {
      shares[j] /= sum;
    }
    return shares;
  }

  /** Returns the function 2 plus the squared distance from the best shares. */
  static ToDoubleBiFunction<double[], TrainingScale> bowl(double... best) {
    return (shares, scale) -> {
      double sum = 2;
      for (int j = 0; j < best.length; j++) {
        sum += (shares[j] - best[j]) * (shares[j] - best[j]);
      }
      return sum;
    };
  }

  /**
   * Returns a fit with a given loss function and given bootstrap draws, for runs of three sources
   * that include each pure source.
   */
  static MixtureFit given(
      String domain,
      ToDoubleBiFunction<double[], TrainingScale> surface,
      List<ToDoubleBiFunction<double[], TrainingScale>> draws) {
    List<MixtureRuns.Run> runs = new ArrayList<>();
    double[][] tried = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.6, 0.3, 0.1}};
    for (double[] shares : tried) {
      runs.add(
          new MixtureRuns.Run(
              "run", shares, new double[] {surface.applyAsDouble(shares, TrainingScale.UNSAID)}));
    }
    return new MixtureFit(
        "given",
        domain,
        MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), runs),
        surface,
        draws,
        Map.of(),
        List.of());
  }
}
