package dev.mixlaw.api.results;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The result of a run.
 *
 * @param key its place in the grid
 * @param identity hash of everything that shaped the run
 * @param outcome how it ended
 * @param nonEmbeddingParameters N, as laws use it
 * @param parameters all parameters
 * @param tokens trained on: the budget rounded to whole steps
 * @param flops of training this run alone, 6·N·D
 * @param exactFlops of training this run alone, counted by matrix product and attention
 * @param askedShares shares of the mixture, by corpus
 * @param achievedShares shares of the tokens trained on, by corpus
 * @param repeats by corpus: tokens trained on over tokens of the corpus
 * @param learningRate peak
 * @param batchSequences sequences a step
 * @param trainingLoss mean of the last tenth of the steps, nats per token; empty if there were none
 * @param losses by domain, in the study's order; empty unless completed
 * @param choices by multiple-choice test, in the study's order; empty unless completed
 * @param seconds of training and evaluating this run, without the trunk that it shares
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

  /** Copies the maps and lists. */
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
    /** The run trained on all its tokens and was measured. */
    record Completed() implements Outcome {}

    /**
     * The loss was not finite, or far above its initial value.
     *
     * @param step at which this was found
     * @param reason with the loss
     */
    record Diverged(long step, String reason) implements Outcome {}

    /**
     * The run ended with an error. Other runs continued.
     *
     * @param reason message of the error
     */
    record Failed(String reason) implements Outcome {}
  }

  /** Returns whether the run trained on all its tokens and was measured. */
  public boolean completed() {
    return outcome instanceof Outcome.Completed;
  }
}
