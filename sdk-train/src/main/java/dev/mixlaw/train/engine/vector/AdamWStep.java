package dev.mixlaw.train.engine.vector;

import dev.mixlaw.api.Recipe;

/**
 * The numbers of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param learningRate the learning rate
 * @param beta1 decay rate of the first moment
 * @param beta2 decay rate of the second moment
 * @param epsilon constant that is added to the root of the second moment
 * @param decay decoupled weight decay; it is multiplied by the learning rate
 * @param gradientScale factor by which clipping scales gradients
 * @param correction1 {@code 1 - beta1^step}
 * @param correction2 {@code 1 - beta2^step}
 */
public record AdamWStep(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double decay,
    double gradientScale,
    double correction1,
    double correction2) {
  /**
   * Returns the numbers of an AdamW step.
   *
   * @param step the number of the step, starting with 1
   */
  public static AdamWStep of(
      Recipe recipe, double learningRate, double decay, double gradientScale, long step) {
    return new AdamWStep(
        learningRate,
        recipe.beta1(),
        recipe.beta2(),
        recipe.epsilon(),
        decay,
        gradientScale,
        1 - Math.pow(recipe.beta1(), (double) step),
        1 - Math.pow(recipe.beta2(), (double) step));
  }
}
