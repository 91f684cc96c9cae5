package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How models are trained. All mixtures of a study have the same recipe, so that only text differs.
 *
 * <p>Batch and learning rate depend on the model and on the tokens seen so far alone, never on the
 * budgets of a study. The runs of all budgets therefore share one trunk, and a budget that is added
 * later gives what it would have given from the start.
 *
 * <p>Unless they are set, the batch of a step that begins after t tokens is {@code 256·2^k} tokens
 * with the largest whole {@code k} at most {@code 0.65·log2(t / 125,000)}, or 256. The rate of a
 * batch of B tokens is {@code 0.0018·√(B / 256)·(400,000 / N)^x}, with N the model's non-embedding
 * parameters and x = 0.25 below 400,000, otherwise 0.5.
 *
 * <p>The constants were measured at 25k to 400k parameters and 10k to 2M tokens (BENCHMARKS.md of
 * mixlaw-train). At the ends of the 17 sizes and budgets of Li et al. (2025, arXiv 2503.04715; 215M
 * to 1.07B parameters, 4B to 100B tokens) the rule costs 0.12 % of the loss on average and 0.26 %
 * at most against the best measured batch and rate.
 *
 * @param schedule of the learning rate
 * @param learningRate of all steps between warm-up and decay; by the rule above when empty
 * @param learningRateFactor multiplies the rate; 1 by default
 * @param batch tokens of all steps, rounded to whole sequences; by the rule above when empty
 * @param weightDecay decoupled, not on norms and embeddings; 0.1 by default
 * @param beta1 of AdamW; 0.9 by default
 * @param beta2 of AdamW; 0.98 by default
 * @param epsilon of AdamW; 1e-8 by default
 * @param clipNorm largest global norm of the gradient; 1 by default
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

  /** Checks that nothing is null. */
  public Recipe {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(learningRate, "learningRate");
    Objects.requireNonNull(batch, "batch");
  }

  /** Returns the recipe with all defaults: warm-up, stable, decay; rate and batch by the rule. */
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

  /** Returns this recipe with another schedule of the learning rate. */
  public Recipe with(Schedule newSchedule) {
    return with(c -> c.schedule = newSchedule);
  }

  /** Returns this recipe with the given learning rate, above 0. */
  public Recipe withLearningRate(double rate) {
    return with(c -> c.learningRate = OptionalDouble.of(rate));
  }

  /** Returns this recipe with a factor of the learning rate, above 0, as a sweep needs it. */
  public Recipe withLearningRateFactor(double factor) {
    return with(c -> c.learningRateFactor = factor);
  }

  /** Returns this recipe with so many tokens in every step. */
  public Recipe withBatch(Tokens tokens) {
    return with(c -> c.batch = Optional.of(tokens));
  }

  /** Returns this recipe with the given weight decay, 0 or more. */
  public Recipe withWeightDecay(double decay) {
    return with(c -> c.weightDecay = decay);
  }

  /**
   * Returns the learning rate of a step before warm-up and decay.
   *
   * @param model whose non-embedding parameters count
   * @param batchSequences sequences of the step
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
   * Returns the sequences of a step, at least 1.
   *
   * @param model whose context is the length of a sequence
   * @param seen number of tokens before the step, 0 or more
   */
  public int batchSequences(ModelSpec model, long seen) {
    double doublings = Math.max(0, BATCH_EXPONENT * Math.log(seen / FIRST_TOKENS) / Math.log(2));
    double tokens =
        batch.isPresent() ? batch.get().count() : FIRST_BATCH * Math.pow(2, Math.floor(doublings));
    return (int) Math.max(1, Math.round(tokens / model.context()));
  }

  private Recipe with(Consumer<Copy> change) {
    Copy copy = new Copy();
    change.accept(copy);
    return copy.recipe();
  }

  private final class Copy {
    private Schedule schedule = Recipe.this.schedule;
    private OptionalDouble learningRate = Recipe.this.learningRate;
    private double learningRateFactor = Recipe.this.learningRateFactor;
    private Optional<Tokens> batch = Recipe.this.batch;
    private double weightDecay = Recipe.this.weightDecay;

    Recipe recipe() {
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
}
