package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The result of a run.
 *
 * @param key key of the run
 * @param identity hash of everything on which the result of the run depends
 * @param failure why the run was not completed; empty if it was trained on all its tokens and was
 *     measured
 * @param nonEmbeddingParameters number of non-embedding parameters, N
 * @param parameters total number of parameters
 * @param tokens number of training tokens, which is the budget rounded to whole steps
 * @param flops number of floating-point operations for training only this run, approximated as
 *     6·N·D
 * @param exactFlops number of floating-point operations for training only this run, counted for all
 *     matrix products and attention
 * @param askedShares map from each corpus to its share of the mixture
 * @param achievedShares map from each corpus to its share of the training tokens
 * @param repeats map from each corpus to the number of its training tokens, divided by the number
 *     of tokens in the corpus
 * @param learningRate learning rate of the last step before the decay
 * @param batchSequences number of sequences in the last step
 * @param trainingLoss mean loss over the last tenth of the steps, in nats per token; empty if there
 *     were no steps
 * @param measurements measurements on the domains and then on the multiple-choice tests, in the
 *     order of the study; empty unless the run completed
 * @param seconds duration of training and evaluating this run in seconds, without steps that it
 *     shares with other runs
 */
public record RunResult(
    RunKey key,
    String identity,
    Optional<RunFailure> failure,
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
    List<Measurement> measurements,
    double seconds) {
  /**
   * R*, the number of repeats that yield 63 % (1 - 1/e) of the largest value that repeats can add
   * to new text.
   */
  private static final double REPEATS_SCALE = 15.387756;

  /** Copies the list and the maps. The maps are sorted by corpus. */
  public RunResult {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(trainingLoss, "trainingLoss");
    askedShares = sorted(askedShares);
    achievedShares = sorted(achievedShares);
    repeats = sorted(repeats);
    measurements = List.copyOf(measurements);
  }

  private static Map<String, Double> sorted(Map<String, Double> byCorpus) {
    return Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(byCorpus)));
  }

  /** Returns a copy of this result with the given key, failure and measurements. */
  public RunResult at(
      RunKey newKey, Optional<RunFailure> newFailure, List<Measurement> newMeasurements) {
    return new RunResult(
        newKey,
        identity,
        newFailure,
        nonEmbeddingParameters,
        parameters,
        tokens,
        flops,
        exactFlops,
        askedShares,
        achievedShares,
        repeats,
        learningRate,
        batchSequences,
        trainingLoss,
        newMeasurements,
        seconds);
  }

  /**
   * Returns the number of tokens of new text that are worth as much as the training tokens, some of
   * which repeat earlier ones. For a corpus with U distinct training tokens, each of which occurs 1
   * + R times in training, the number is
   *
   * <pre>D' = U + U·R*·(1 - exp(-R / R*)),   R* = 15.39
   * </pre>
   *
   * <p>(Muennighoff et al. 2023, "Scaling data-constrained language models", equation 5; R* was
   * measured on English web text). The result is the sum over all corpora.
   *
   * @return the effective tokens; empty if the size of a corpus is unknown
   */
  public OptionalDouble effectiveTokens() {
    if (!repeats.keySet().containsAll(achievedShares.keySet())) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (Map.Entry<String, Double> share : achievedShares.entrySet()) {
      double times = Math.max(1, repeats.get(share.getKey()));
      double value = 1 - REPEATS_SCALE * Math.expm1((1 - times) / REPEATS_SCALE);
      sum += share.getValue() * tokens * value / times;
    }
    return OptionalDouble.of(sum);
  }

  /** Returns the measurements of a metric, in the order of the study. */
  public List<Measurement> measurements(Metric metric) {
    return measurements.stream().filter(m -> m.metric().equals(metric)).toList();
  }

  /** Returns the measurement of a metric on a domain, test or column; empty if there is none. */
  public Optional<Measurement> measurement(String subject, Metric metric) {
    return measurements(metric).stream().filter(m -> m.subject().equals(subject)).findFirst();
  }

  /** Returns whether the run was trained on all its tokens and was measured. */
  public boolean completed() {
    return failure.isEmpty();
  }

  /** Returns whether the loss was not finite, or was far above its initial value. */
  public boolean diverged() {
    return failure.filter(RunFailure::isDivergence).isPresent();
  }

  /** Returns whether the run ended with an error. */
  public boolean failed() {
    return !completed() && !diverged();
  }

  /** Returns in words how the run ended: "completed", or the failure. */
  public String outcome() {
    return failure.map(RunFailure::toString).orElse("completed");
  }
}
