package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Services;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.internal.BoostedTreesTrainer;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

final class BoostingModel extends AbstractMixtureModel {
  /** Smallest number of distinct mixtures. With fewer mixtures, a tree cannot split twice. */
  private static final int FEWEST_MIXTURES = 20;

  private final int trees;
  private final double learningRate;
  private final int leaves;
  private final int runsPerLeaf;

  BoostingModel(int trees, double learningRate, int leaves, int runsPerLeaf) {
    super("boosting", "L(r) = sum of " + trees + " regression trees over r");
    if (trees < 1 || !(learningRate > 0 && learningRate <= 1) || leaves < 2 || runsPerLeaf < 1) {
      throw new IllegalArgumentException(
          "boosting: %s trees, learning rate %s, %s leaves, %s runs per leaf; expected at least 1 tree, a rate in (0, 1], at least 2 leaves and at least 1 run per leaf"
              .formatted(trees, learningRate, leaves, runsPerLeaf));
    }
    this.trees = trees;
    this.learningRate = learningRate;
    this.leaves = leaves;
    this.runsPerLeaf = runsPerLeaf;
  }

  @Override
  int fewestMixtures(MixtureRuns runs) {
    return FEWEST_MIXTURES;
  }

  @Override
  Answer<MixtureFit> fit(String question, MixtureRuns runs, String domain, Resamples resamples) {
    ToDoubleBiFunction<double[], TrainingScale> surface = boost(runs, domain);
    return RunBootstrap.draw(question, resamples, runs, drawn -> Optional.of(boost(drawn, domain)))
        .map(
            draws -> new MixtureFit(id(), domain, runs, surface, draws, Map.of(), runs.warnings()));
  }

  private ToDoubleBiFunction<double[], TrainingScale> boost(MixtureRuns runs, String domain) {
    // With few runs, a tenth of all runs per leaf is enough.
    int perLeaf = Math.max(1, Math.min(runsPerLeaf, runs.size() / 10));
    ToDoubleFunction<double[]> sum =
        trainer()
            .train(
                trees,
                learningRate,
                leaves,
                perLeaf,
                runs.shares(),
                runs.losses(domain),
                runs.weights());
    return (at, scale) -> sum.applyAsDouble(at);
  }

  private static BoostedTreesTrainer trainer() {
    return Services.all(BoostedTreesTrainer.class, BoostedTreesTrainer.class.getClassLoader())
        .stream()
        .findFirst()
        .orElseThrow(
            () ->
                MixlawException.engine(
                    "model boosting",
                    "no implementation was found",
                    "dev.mixlaw:mixlaw-boosting on the class path or module path",
                    "add it to the project's dependencies"));
  }
}
