package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How models are trained. The same recipe for every mixture of a study, so that only text differs.
 *
 * <p>Peak learning rate and batch follow the step law (Li et al. 2025, arXiv 2503.04715, equation
 * 1) unless set: {@code 1.79·N^-0.713·D^0.307}, at most {@value #HIGHEST_RATE}, and {@code
 * 0.58·D^0.571} tokens, with N the model's non-embedding parameters and D the study's largest
 * budget in tokens. It was measured at N from 60M to 1B and gives far too much below, where batches
 * are small: 0.01 to 0.04 at 50k to 400k parameters, for which 0.0025 was best or as good as 0.005
 * and steadier (BENCHMARKS.md of mixlaw-train), hence the limit. Sweep before you trust laws of
 * small models.
 *
 * @param schedule of the learning rate
 * @param learningRate peak; by the step law when empty
 * @param learningRateFactor multiplies the peak, whichever way it was found
 * @param batch tokens a step, rounded to whole sequences; by the step law when empty
 * @param weightDecay decoupled; not on norms and embeddings
 * @param beta1 of AdamW
 * @param beta2 of AdamW
 * @param epsilon of AdamW
 * @param clipNorm largest global norm of the gradient
 */
public record Recipe(
    Schedule schedule,
    OptionalDouble learningRate,
    double learningRateFactor,
    Optional<Tokens> batch,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double clipNorm) {

  public Recipe {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(learningRate, "learningRate");
    Objects.requireNonNull(batch, "batch");
  }

  /** Highest peak that the rule gives. */
  public static final double HIGHEST_RATE = 0.0025;

  public static Recipe standard() {
    return new Recipe(
        Schedule.warmupStableDecay(),
        OptionalDouble.empty(),
        1,
        Optional.empty(),
        0.1,
        0.9,
        0.95,
        1e-8,
        1);
  }

  public Recipe with(Schedule newSchedule) {
    return new Recipe(
        newSchedule,
        learningRate,
        learningRateFactor,
        batch,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        clipNorm);
  }

  public Recipe withLearningRate(double peak) {
    return new Recipe(
        schedule,
        OptionalDouble.of(peak),
        learningRateFactor,
        batch,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        clipNorm);
  }

  /** Multiplies the peak learning rate: what a sweep varies. */
  public Recipe withLearningRateFactor(double factor) {
    return new Recipe(
        schedule, learningRate, factor, batch, weightDecay, beta1, beta2, epsilon, clipNorm);
  }

  public Recipe withBatch(Tokens tokens) {
    return new Recipe(
        schedule,
        learningRate,
        learningRateFactor,
        Optional.of(tokens),
        weightDecay,
        beta1,
        beta2,
        epsilon,
        clipNorm);
  }

  public Recipe withWeightDecay(double decay) {
    return new Recipe(
        schedule, learningRate, learningRateFactor, batch, decay, beta1, beta2, epsilon, clipNorm);
  }

  /** Peak learning rate for a model when the study's largest budget is {@code largest}. */
  public double peakLearningRate(ModelSpec model, Tokens largest) {
    double peak =
        learningRate.orElseGet(
            () ->
                Math.min(
                    HIGHEST_RATE,
                    1.79
                        * Math.pow(model.nonEmbeddingParameters(), -0.713)
                        * Math.pow(largest.count(), 0.307)));
    return peak * learningRateFactor;
  }

  /** Sequences a step, at least 1, when the study's largest budget is {@code largest}. */
  public int batchSequences(ModelSpec model, Tokens largest) {
    double tokens =
        batch.map(b -> (double) b.count()).orElseGet(() -> 0.58 * Math.pow(largest.count(), 0.571));
    return (int) Math.max(1, Math.round(tokens / model.context()));
  }
}
