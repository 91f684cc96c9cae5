package dev.mixlaw.api.results;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What became of a run.
 *
 * @param key the point of the grid
 * @param identity hash of everything that shaped the run
 * @param outcome how it ended
 * @param nonEmbeddingParameters N, as laws use it
 * @param parameters all of them
 * @param tokens trained on: the budget rounded to whole steps
 * @param flops of training this point alone, 6·N·D
 * @param exactFlops of training this point alone, products and attention counted one by one
 * @param askedShares by corpus
 * @param achievedShares by corpus, of the tokens trained on
 * @param repeats by corpus: tokens trained on over tokens there are
 * @param learningRate peak
 * @param batchSequences sequences a step
 * @param trainingLoss mean of the last tenth of the steps, nats per token; empty if none was taken
 * @param losses by domain, in the study's order; empty unless completed
 * @param choices by test of multiple choice, in the study's order; empty unless completed
 * @param seconds of training and evaluating this point, its share of the trunk left out
 */
public record RunResult(
    RunKey key,
    String identity,
    Outcome outcome,
    long nonEmbeddingParameters,
    long parameters,
    long tokens,
    double flops,
    double exactFlops,
    Map<String, Double> askedShares,
    Map<String, Double> achievedShares,
    Map<String, Double> repeats,
    double learningRate,
    int batchSequences,
    OptionalDouble trainingLoss,
    List<DomainLoss> losses,
    List<ChoiceAccuracy> choices,
    double seconds) {

  public RunResult {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(trainingLoss, "trainingLoss");
    askedShares = Map.copyOf(askedShares);
    achievedShares = Map.copyOf(achievedShares);
    repeats = Map.copyOf(repeats);
    losses = List.copyOf(losses);
    choices = List.copyOf(choices);
  }

  /** How a run ended. */
  public sealed interface Outcome {
    /** It trained on all its tokens and was measured. */
    record Completed() implements Outcome {}

    /** The loss was not finite, or far above where it began. */
    record Diverged(long step, String reason) implements Outcome {}

    /** Something else broke; other runs went on. */
    record Failed(String reason) implements Outcome {}
  }

  public boolean completed() {
    return outcome instanceof Outcome.Completed;
  }
}
