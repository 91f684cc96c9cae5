package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Gradient-boosted trees over the shares. */
final class BoostingModel implements MixtureModel {
  /** Smallest number of mixtures: with fewer, a tree cannot split twice. */
  private static final int FEWEST_MIXTURES = 20;

  private final BoostingSettings settings;

  public BoostingModel(BoostingSettings settings) {
    this.settings = settings;
  }

  @Override
  public String id() {
    return "boosting";
  }

  @Override
  public String formula() {
    return "L(r) = sum of " + settings.trees() + " regression trees over r";
  }

  @Override
  public Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples) {
    String question = RunChecks.question(id(), domain);
    Optional<Refusal> refusal =
        RunChecks.refusal(question, runs, domain, FEWEST_MIXTURES, Set.of());
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    double[][] shares = runs.shares();
    double[] losses = runs.losses(domain);
    Surface surface = boost(shares, losses);
    Answer<List<Surface>> draws =
        RowBootstrap.draw(
            question,
            resamples,
            runs.size(),
            places ->
                Optional.of(
                    boost(
                        Arrays.stream(places).mapToObj(i -> shares[i]).toArray(double[][]::new),
                        Arrays.stream(places).mapToDouble(i -> losses[i]).toArray())));
    return Answer.known(
        new MixtureFit(id(), domain, runs, surface, draws.orElseThrow(), Map.of(), runs.warnings()),
        List.of());
  }

  private Surface boost(double[][] shares, double[] losses) {
    ToDoubleFunction<double[]> trees = trainer().train(settings, shares, losses);
    return (at, scale) -> trees.applyAsDouble(at);
  }

  private static BoostedTreesTrainer trainer() {
    ClassLoader own = BoostedTreesTrainer.class.getClassLoader();
    return ServiceLoader.load(BoostedTreesTrainer.class, own)
        .findFirst()
        .or(() -> ServiceLoader.load(BoostedTreesTrainer.class).findFirst())
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.ENGINE,
                    new Problem(
                        "model boosting",
                        "no implementation was found",
                        "dev.mixlaw:mixlaw-boosting on the class path or module path",
                        "the project's dependencies")));
  }
}
