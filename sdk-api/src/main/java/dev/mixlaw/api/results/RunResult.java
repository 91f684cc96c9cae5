package dev.mixlaw.api.results;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

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
 * @param learningRate of the last step before the decay
 * @param batchSequences sequences of the last step
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

  /**
   * How a run ended: it trained on all its tokens and was measured; or it diverged, which means
   * that the loss was not finite or far above its initial value; or it failed with an error, while
   * other runs continued.
   *
   * @param step at which the run diverged; empty if it did not
   * @param reason with the loss, or the message of the error; empty if the run completed
   */
  public record Outcome(OptionalLong step, Optional<String> reason) {
    private static final Outcome COMPLETED = new Outcome(OptionalLong.empty(), Optional.empty());

    /**
     * Checks that a step has a reason.
     *
     * @throws IllegalArgumentException if there is a step without a reason
     */
    public Outcome {
      if (step.isPresent() && reason.isEmpty()) {
        throw new IllegalArgumentException("outcome: step without reason; expected both");
      }
    }

    /** Returns the outcome of a run that trained on all its tokens and was measured. */
    public static Outcome completed() {
      return COMPLETED;
    }

    /** Returns the outcome of a run whose loss was not finite, or far above its initial value. */
    public static Outcome diverged(long step, String reason) {
      return new Outcome(OptionalLong.of(step), Optional.of(reason));
    }

    /** Returns the outcome of a run that ended with an error. */
    public static Outcome failed(String reason) {
      return new Outcome(OptionalLong.empty(), Optional.of(reason));
    }

    /** Returns whether the run trained on all its tokens and was measured. */
    public boolean isCompleted() {
      return reason.isEmpty();
    }

    /** Returns whether the loss was not finite, or far above its initial value. */
    public boolean isDiverged() {
      return step.isPresent();
    }

    /** Returns whether the run ended with an error. */
    public boolean isFailed() {
      return step.isEmpty() && reason.isPresent();
    }

    @Override
    public String toString() {
      return isCompleted()
          ? "completed"
          : (isDiverged() ? "diverged at step " + step.getAsLong() : "failed")
              + ": "
              + reason.orElseThrow();
    }
  }

  /** Returns whether the run trained on all its tokens and was measured. */
  public boolean completed() {
    return outcome.isCompleted();
  }
}
