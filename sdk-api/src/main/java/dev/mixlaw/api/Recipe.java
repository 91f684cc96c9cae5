package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The settings with which models are trained. All mixtures in a study are trained with the same
 * recipe, so that only their text differs.
 *
 * <p>Batch size and learning rate depend only on the model and on the number of tokens seen so far,
 * but not on the budgets of the study. Runs with different budgets can therefore share their first
 * steps, called the trunk. Adding a budget later gives the same results as including it from the
 * start.
 *
 * <p>By default, the batch of a step that begins after t tokens has {@code 256·2^k} tokens, where
 * {@code k} is {@code 0.65·log2(t / 125,000)} rounded down, and at least 0. The learning rate for a
 * batch of B tokens is {@code 0.0018·√(B / 256)·(400,000 / N)^x}. Here, N is the number of
 * non-embedding parameters, and x is 0.25 for N below 400,000 and 0.5 otherwise.
 *
 * <p>The constants were measured with 25k to 400k parameters and 10k to 2M tokens (see
 * BENCHMARKS.md in mixlaw-train). Li et al. (2025, arXiv 2503.04715) measured the best batch sizes
 * and learning rates for 17 combinations of model size and budget, from 215M to 1.07B parameters
 * and from 4B to 100B tokens. Compared with their best values, this rule raises the final loss by
 * 0.12 % on average and by at most 0.26 %.
 *
 * @param schedule learning-rate schedule
 * @param learningRate learning rate of all steps between warm-up and decay; if empty, the rule
 *     above determines it
 * @param learningRateFactor factor by which the learning rate is multiplied; 1 by default
 * @param batch number of tokens per step, rounded to whole sequences; if empty, the rule above
 *     determines it
 * @param weightDecay decoupled weight decay, which does not apply to norms and embeddings; 0.1 by
 *     default
 * @param beta1 decay rate of the first moment in AdamW; 0.9 by default
 * @param beta2 decay rate of the second moment in AdamW; 0.98 by default
 * @param epsilon epsilon in AdamW; 1e-8 by default
 * @param clipNorm global gradient norm above which gradients are clipped; 1 by default
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

  private static final double FIRST_BATCH = 256;
  private static final double FIRST_TOKENS = 125_000;
  private static final double BATCH_EXPONENT = 0.65;
  private static final double RATE = 0.0018;
  private static final double SMALL_MODEL = 400_000;

  /** Checks that no component is null. */
  public Recipe {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(learningRate, "learningRate");
    Objects.requireNonNull(batch, "batch");
  }

  /**
   * Returns the default recipe, with a warm-up-stable-decay schedule and without a fixed learning
   * rate and batch size.
   */
  public static Recipe standard() {
    return new Recipe(
        Schedule.warmupStableDecay(),
        OptionalDouble.empty(),
        1,
        Optional.empty(),
        0.1,
        0.9,
        0.98,
        1e-8,
        1);
  }

  /** Returns a copy of this recipe with the given learning-rate schedule. */
  public Recipe with(Schedule newSchedule) {
    return with(newSchedule, learningRate, learningRateFactor, batch);
  }

  /** Returns a copy of this recipe with the given learning rate, above 0. */
  public Recipe withLearningRate(double rate) {
    return with(schedule, OptionalDouble.of(rate), learningRateFactor, batch);
  }

  /**
   * Returns a copy of this recipe with the given factor, above 0, by which the learning rate is
   * multiplied. A sweep over learning rates uses such factors.
   */
  public Recipe withLearningRateFactor(double factor) {
    return with(schedule, learningRate, factor, batch);
  }

  /** Returns a copy of this recipe with the given number of tokens per step. */
  public Recipe withBatch(Tokens tokens) {
    return with(schedule, learningRate, learningRateFactor, Optional.of(tokens));
  }

  /**
   * Returns the learning rate of a step before the schedule is applied.
   *
   * @param model the model that is trained
   * @param batchSequences number of sequences in the step
   */
  public double learningRate(ModelSpec model, int batchSequences) {
    double batchTokens = (double) batchSequences * model.context();
    double smaller = SMALL_MODEL / model.nonEmbeddingParameters();
    return learningRateFactor
        * learningRate.orElse(
            RATE
                * Math.sqrt(batchTokens / FIRST_BATCH)
                * Math.pow(smaller, smaller > 1 ? 0.25 : 0.5));
  }

  /**
   * Returns the number of sequences in a step, which is at least 1.
   *
   * @param model the model that is trained
   * @param seen number of tokens seen before the step, 0 or more
   */
  public int batchSequences(ModelSpec model, long seen) {
    double doublings = Math.max(0, BATCH_EXPONENT * Math.log(seen / FIRST_TOKENS) / Math.log(2));
    double tokens =
        batch.isPresent() ? batch.get().count() : FIRST_BATCH * Math.pow(2, Math.floor(doublings));
    return (int) Math.max(1, Math.round(tokens / model.context()));
  }

  private Recipe with(
      Schedule schedule,
      OptionalDouble learningRate,
      double learningRateFactor,
      Optional<Tokens> batch) {
    return new Recipe(
        schedule,
        learningRate,
        learningRateFactor,
        batch,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        clipNorm);
  }
}
