package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How models are trained. All mixtures of a study have the same recipe, so that only text differs.
 *
 * <p>Peak learning rate and batch follow the step law (Li et al. 2025, arXiv 2503.04715, equation
 * 1) unless they are set. The peak is {@code 1.79·N^-0.713·D^0.307}, at most {@value
 * #HIGHEST_RATE}; the batch is {@code 0.58·D^0.571} tokens. N is the model's non-embedding
 * parameters and D the study's largest budget in tokens.
 *
 * <p>The law was measured at N from 60M to 1B. Below, where batches are small, its rate is far too
 * high: 0.01 to 0.04 at 50k to 400k parameters. There 0.0025 was best, or as good as 0.005 with
 * less seed noise (BENCHMARKS.md of mixlaw-train). Sweep the rate before you trust laws of small
 * models.
 *
 * @param schedule of the learning rate
 * @param learningRate peak; by the step law when empty
 * @param learningRateFactor multiplies the peak; 1 by default
 * @param batch tokens a step, rounded to whole sequences; by the step law when empty
 * @param weightDecay decoupled, not on norms and embeddings; 0.1 by default
 * @param beta1 of AdamW; 0.9 by default
 * @param beta2 of AdamW; 0.95 by default
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

  /** Highest peak learning rate that the step law gives here. */
  public static final double HIGHEST_RATE = 0.0025;

  /** Checks that nothing is null. */
  public Recipe {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(learningRate, "learningRate");
    Objects.requireNonNull(batch, "batch");
  }

  /** Returns the recipe with all defaults: warm-up, stable, decay; rate and batch by the law. */
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

  /** Returns this recipe with another schedule of the learning rate. */
  public Recipe with(Schedule newSchedule) {
    return with(c -> c.schedule = newSchedule);
  }

  /** Returns this recipe with the given peak learning rate, above 0. */
  public Recipe withLearningRate(double peak) {
    return with(c -> c.learningRate = OptionalDouble.of(peak));
  }

  /** Returns this recipe with a factor of the peak learning rate, above 0, as a sweep needs it. */
  public Recipe withLearningRateFactor(double factor) {
    return with(c -> c.learningRateFactor = factor);
  }

  /** Returns this recipe with so many tokens a step. */
  public Recipe withBatch(Tokens tokens) {
    return with(c -> c.batch = Optional.of(tokens));
  }

  /** Returns this recipe with the given weight decay, 0 or more. */
  public Recipe withWeightDecay(double decay) {
    return with(c -> c.weightDecay = decay);
  }

  /**
   * Returns the peak learning rate of a model.
   *
   * @param model whose non-embedding parameters count
   * @param largest the study's largest budget
   */
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

  /**
   * Returns the sequences of a step, at least 1.
   *
   * @param model whose context is the length of a sequence
   * @param largest the study's largest budget
   */
  public int batchSequences(ModelSpec model, Tokens largest) {
    double tokens =
        batch.map(b -> (double) b.count()).orElseGet(() -> 0.58 * Math.pow(largest.count(), 0.571));
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
