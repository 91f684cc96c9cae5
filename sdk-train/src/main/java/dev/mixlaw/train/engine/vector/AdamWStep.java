package dev.mixlaw.train.engine.vector;

/**
 * Numbers of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param decay decoupled, times the learning rate
 * @param gradientScale what clipping multiplies gradients by
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
    double correction2) {}
