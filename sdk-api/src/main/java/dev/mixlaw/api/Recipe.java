package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The settings with which models are trained. All mixtures in a study have the same recipe, so that
 * they differ only in text.
 *
 * <p>Batch size and learning rate depend only on the model and on the tokens seen so far, never on
 * the budgets of a study. The runs of all budgets therefore share one trunk, and a budget that is
 * added later gives the same results as if it had been there from the start.
 *
 * <p>By default, the batch of a step that begins after t tokens has {@code 256·2^k} tokens, where
 * {@code k} is {@code 0.65·log2(t / 125,000)} rounded down, and at least 0. The learning rate for a
 * batch of B tokens is {@code 0.0018·√(B / 256)·(400,000 / N)^x}, where N is the number of
 * non-embedding parameters, and x is 0.25 for N below 400,000 and 0.5 otherwise.
 *
 * <p>The constants were measured at 25k to 400k parameters and 10k to 2M tokens (see BENCHMARKS.md
 * in mixlaw-train). At the end of training for the 17 combinations of size and budget in Li et al.
 * (2025, arXiv 2503.04715; 215M to 1.07B parameters, 4B to 100B tokens) the loss with this rule is
 * 0.12 % higher on average, and at most 0.26 % higher, than with the best measured batch size and
 * rate.
 *
 * @param schedule learning-rate schedule
 * @param learningRate learning rate of all steps between warm-up and decay; if empty, the rule
 *     above determines it
 * @param learningRateFactor factor by which the learning rate is multiplied; 1 by default
 * @param batch tokens per step, rounded to whole sequences; if empty, the rule above determines it
 * @param weightDecay decoupled weight decay, not applied to norms and embeddings; 0.1 by default
 * @param beta1 beta1 in AdamW; 0.9 by default
 * @param beta2 beta2 in AdamW; 0.98 by default
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

  /** Checks that nothing is null. */
  public Recipe {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(learningRate, "learningRate");
    Objects.requireNonNull(batch, "batch");
  }

  /**
   * Returns the default recipe: a warm-up-stable-decay schedule, with learning rate and batch size
   * from the rule.
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

  /** Returns this recipe with the given learning-rate schedule. */
  public Recipe with(Schedule newSchedule) {
    return with(c -> c.schedule = newSchedule);
  }

  /** Returns this recipe with the given learning rate, above 0. */
  public Recipe withLearningRate(double rate) {
    return with(c -> c.learningRate = OptionalDouble.of(rate));
  }

  /**
   * Returns this recipe with a factor, above 0, by which the learning rate is multiplied, for
   * example in a sweep.
   */
  public Recipe withLearningRateFactor(double factor) {
    return with(c -> c.learningRateFactor = factor);
  }

  /** Returns this recipe with the given number of tokens per step. */
  public Recipe withBatch(Tokens tokens) {
    return with(c -> c.batch = Optional.of(tokens));
  }

  /** Returns this recipe with the given weight decay, 0 or more. */
  public Recipe withWeightDecay(double decay) {
    return with(c -> c.weightDecay = decay);
  }

  /**
   * Returns the learning rate of a step, before the factors for warm-up and decay are applied.
   *
   * @param model model whose number of non-embedding parameters is used
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
   * Returns the number of sequences in a step, at least 1.
   *
   * @param model model whose context is the length of a sequence
   * @param seen number of tokens seen before the step, 0 or more
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
