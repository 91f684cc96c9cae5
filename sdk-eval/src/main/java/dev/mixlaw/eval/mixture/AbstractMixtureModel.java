package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.Input;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A mixture model that is fitted only to runs that can identify its parameters. */
abstract class AbstractMixtureModel implements MixtureModel {
  private final String id;
  private final String formula;

  AbstractMixtureModel(String id, String formula) {
    this.id = id;
    this.formula = formula;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final String formula() {
    return formula;
  }

  @Override
  public final Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples) {
    String question = "model " + id + " of " + domain;
    Optional<Refusal> refusal = refusal(question, runs, domain);
    return refusal.isPresent()
        ? Answer.refused(refusal.get())
        : fit(question, runs, domain, resamples);
  }

  abstract Answer<MixtureFit> fit(
      String question, MixtureRuns runs, String domain, Resamples resamples);

  abstract int fewestMixtures(MixtureRuns runs);

  /**
   * Returns the names of the inputs other than shares: {@link Input#N}, {@link Input#D}, both or
   * none.
   *
   * @throws IllegalArgumentException if the model needs an input that the runs do not have
   */
  Set<String> scaleInputs(MixtureRuns runs) {
    return Set.of();
  }

  private Optional<Refusal> refusal(String question, MixtureRuns runs, String domain) {
    Set<String> inputs = scaleInputs(runs);
    int mixtures = fewestMixtures(runs);
    double[] losses = runs.losses(domain);
    if (runs.byMixture().size() < mixtures) {
      return Optional.of(
          new Refusal(
              question,
              "%s distinct mixtures of %s sources are too few; at least %s are needed"
                  .formatted(runs.byMixture().size(), runs.sources().size(), mixtures),
              "add mixtures or use fewer sources"));
    }
    if (Arrays.stream(losses).allMatch(l -> l == losses[0])) {
      return Optional.of(
          new Refusal(
              question,
              Texts.format(
                  "all %d runs have the same loss on %s (%.6g)", losses.length, domain, losses[0]),
              "use runs with different losses, or another domain"));
    }
    List<String> never = runs.neverTried();
    if (!never.isEmpty()) {
      return Optional.of(
          new Refusal(
              question,
              "no run contains any of " + String.join(", ", never),
              "add runs that contain these sources, or leave the sources out"));
    }
    return otherScales(question, runs, inputs);
  }

  private static Optional<Refusal> otherScales(
      String question, MixtureRuns runs, Set<String> inputs) {
    List<TrainingScale> scales = runs.scales();
    long sizes = scales.stream().map(TrainingScale::params).distinct().count();
    long budgets = scales.stream().map(TrainingScale::tokens).distinct().count();
    if (inputs.contains(Input.N) && scales.stream().anyMatch(s -> s.params().isEmpty())) {
      return Optional.of(
          new Refusal(
              question,
              "the model size of some runs is unknown",
              "specify the number of parameters of every run"));
    }
    if (inputs.contains(Input.D) && scales.stream().anyMatch(s -> s.tokens().isEmpty())) {
      return Optional.of(
          new Refusal(
              question,
              "the budget of some runs is unknown",
              "specify the number of tokens of every run"));
    }
    if ((sizes > 1 && !inputs.contains(Input.N)) || (budgets > 1 && !inputs.contains(Input.D))) {
      return Optional.of(
          new Refusal(
              question,
              "the runs have %s model sizes and %s budgets, which the model cannot distinguish"
                  .formatted(sizes, budgets),
              "use runs of one model size and budget, or a model that includes both, such as mixture-joint"));
    }
    return Optional.empty();
  }
}
