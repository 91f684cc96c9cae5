package dev.mixlaw.train.engine.vector;

import dev.mixlaw.api.Recipe;

/**
 * The parameters of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param epsilon constant that is added to the square root of the second moment
 * @param decay decoupled weight decay; it is multiplied by the learning rate
 * @param gradientScale factor by which clipping scales the gradient
 * @param correction1 bias correction of the first moment, {@code 1 - beta1^step}
 * @param correction2 bias correction of the second moment, {@code 1 - beta2^step}
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
  /** Returns the parameters of a step. Steps are counted from 1. */
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
